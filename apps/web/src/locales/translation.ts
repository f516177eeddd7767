/** The same keys in another language; Chinese has no form of its own for one. */
export type Translation<T> = {
  [Key in keyof T as Key extends `${string}_one` ? never : Key]: T[Key] extends string ? string : Translation<T[Key]>;
};

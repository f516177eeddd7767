export const words = {
  family: 'Simulated products',
  lead: 'Products that nobody has to install: templates, models or recorded answers answer for their tools.',
  loadFailed: 'The simulated products could not be loaded',
  none: 'There are no simulated products yet',
  title: 'Simulator',
};

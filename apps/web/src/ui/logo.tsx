interface LogoProps {
  className?: string;
  /** Letters in place of the picture. */
  mark?: string | null | undefined;
}

/** Two jacks and the cord between them. */
export function Logo({ className = 'size-7', mark }: LogoProps) {
  if (mark) {
    const size = [0, 18, 15, 12, 9][Math.min(4, Array.from(mark).length)];
    return (
      <svg aria-hidden viewBox="0 0 32 32" className={className}>
        <rect width="32" height="32" rx="8" className="fill-[#3846d4]" />
        <text x="16" y="16" fill="#fff" fontSize={size} fontWeight="600" textAnchor="middle" dominantBaseline="central">
          {mark}
        </text>
      </svg>
    );
  }
  return (
    <svg aria-hidden viewBox="0 0 32 32" className={className}>
      <rect width="32" height="32" rx="8" className="fill-[#3846d4]" />
      <g fill="none" stroke="#fff" strokeWidth="2.25" strokeLinecap="round">
        <circle cx="9.5" cy="9.5" r="3.25" />
        <path d="M9.5 13c0 8.5 13 1.5 13 9" />
      </g>
      <circle cx="22.5" cy="22.5" r="3.9" fill="#fff" />
    </svg>
  );
}

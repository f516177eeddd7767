/** Two jacks and the cord between them. */
export function Logo({ className = 'size-7' }: { className?: string }) {
  return (
    <svg aria-hidden viewBox="0 0 32 32" className={className}>
      <rect width="32" height="32" rx="8" className="fill-[#3846d4]" />
      <g fill="none" stroke="#fff" strokeWidth="2.6" strokeLinecap="round">
        <circle cx="10" cy="9.5" r="3.7" />
        <path d="M10 13.4c0 9.6 12 .4 12 9" />
      </g>
      <circle cx="22" cy="22.5" r="4.2" fill="#fff" />
    </svg>
  );
}

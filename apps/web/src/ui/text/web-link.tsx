import { safeLink } from '../../lib/safe-link.ts';

/** An address that somebody wrote, as a link where a browser may follow it. What is behind it learns nothing of the hub. */
export function WebLink({ address }: { address: string }) {
  const link = safeLink(address);
  if (link === null) return <span className="break-all">{address}</span>;
  return (
    <a
      href={link}
      target="_blank"
      rel="noopener noreferrer nofollow"
      className="break-all text-accent-text hover:underline"
    >
      {address}
    </a>
  );
}

import { nodeSize } from './placing.ts';

interface Ends {
  sourceX: number;
  sourceY: number;
  targetX: number;
  targetY: number;
}

const bow = 56;

/** A line that leads back, below the nodes: straight between the same two it would lie over the one that leads forward. */
export function pathBack({ sourceX, sourceY, targetX, targetY }: Ends): string {
  const low = Math.max(sourceY, targetY) + nodeSize.height;
  const middle = (sourceX + targetX) / 2;
  return [
    `M${sourceX},${sourceY}`,
    `C${sourceX + bow},${sourceY} ${sourceX + bow},${low} ${middle},${low}`,
    `C${targetX - bow},${low} ${targetX - bow},${targetY} ${targetX},${targetY}`,
  ].join(' ');
}

import { randomFillSync } from 'node:crypto';

/** An id keeps the text alive that it is part of, so the text is short. */
const poolBytes = 1024;
const traceChars = 32;
const spanChars = 16;
const noTrace = '0'.repeat(traceChars);
const noSpan = '0'.repeat(spanChars);

/** Ids of traces and spans, cut from one text of random digits: making each alone takes several times as long. */
export class Ids {
  private readonly bytes = Buffer.allocUnsafe(poolBytes);
  private digits = '';
  private at = 0;

  traceId(): string {
    const id = this.take(traceChars);
    return id === noTrace ? this.traceId() : id;
  }

  spanId(): string {
    const id = this.take(spanChars);
    return id === noSpan ? this.spanId() : id;
  }

  private take(chars: number): string {
    if (this.at + chars > this.digits.length) {
      this.digits = randomFillSync(this.bytes).toString('hex');
      this.at = 0;
    }
    const from = this.at;
    this.at += chars;
    return this.digits.slice(from, this.at);
  }
}

ALTER TABLE "call_records" ALTER COLUMN "arguments" SET DATA TYPE json;--> statement-breakpoint
ALTER TABLE "call_records" ALTER COLUMN "result" SET DATA TYPE json;
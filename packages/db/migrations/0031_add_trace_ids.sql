ALTER TABLE "call_records" ADD COLUMN "trace_id" text;--> statement-breakpoint
ALTER TABLE "audit" ADD COLUMN "trace_id" text;
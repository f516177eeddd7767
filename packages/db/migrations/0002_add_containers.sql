ALTER TABLE "servers" ADD COLUMN "container" jsonb;--> statement-breakpoint
ALTER TABLE "servers" ADD COLUMN "secrets" text;
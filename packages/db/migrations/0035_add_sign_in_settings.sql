ALTER TABLE "servers" ADD COLUMN "sign_in" jsonb;--> statement-breakpoint
ALTER TABLE "servers" ADD COLUMN "asks_sign_in" text;
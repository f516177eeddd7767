ALTER TABLE "oauth_grants" DROP COLUMN "payload";--> statement-breakpoint
ALTER TABLE "oauth_grants" ADD COLUMN "resource" text NOT NULL;--> statement-breakpoint
ALTER TABLE "oauth_grants" ADD COLUMN "sign_in" text;
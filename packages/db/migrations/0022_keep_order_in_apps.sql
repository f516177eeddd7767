ALTER TABLE "app_pairs" ALTER COLUMN "arguments" SET DATA TYPE json;--> statement-breakpoint
ALTER TABLE "app_pairs" ALTER COLUMN "result" SET DATA TYPE json;--> statement-breakpoint
ALTER TABLE "app_snapshots" ALTER COLUMN "state" SET DATA TYPE json;--> statement-breakpoint
ALTER TABLE "app_tokens" ALTER COLUMN "faults" SET DATA TYPE json;--> statement-breakpoint
ALTER TABLE "app_tokens" ALTER COLUMN "faults" SET DEFAULT '[]'::json;--> statement-breakpoint
ALTER TABLE "app_tokens" ALTER COLUMN "state" SET DATA TYPE json;--> statement-breakpoint
ALTER TABLE "apps" ALTER COLUMN "actions" SET DATA TYPE json;--> statement-breakpoint
ALTER TABLE "apps" ALTER COLUMN "actions" SET DEFAULT '[]'::json;--> statement-breakpoint
ALTER TABLE "apps" ALTER COLUMN "initial_state" SET DATA TYPE json;--> statement-breakpoint
ALTER TABLE "apps" ALTER COLUMN "initial_state" SET DEFAULT '{}'::json;--> statement-breakpoint
ALTER TABLE "apps" ALTER COLUMN "faults" SET DATA TYPE json;--> statement-breakpoint
ALTER TABLE "apps" ALTER COLUMN "faults" SET DEFAULT '[]'::json;
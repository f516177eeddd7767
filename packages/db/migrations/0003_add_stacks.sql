CREATE TABLE "stacks" (
	"id" text PRIMARY KEY NOT NULL,
	"engine" text NOT NULL,
	"project" text NOT NULL,
	"path" text,
	"folder" text NOT NULL,
	"file" text NOT NULL,
	"content" text NOT NULL,
	"env" text,
	"scale" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"adopted" boolean DEFAULT false NOT NULL,
	"owner_id" text,
	"last_result" jsonb,
	"deployed_at" timestamp (3) with time zone,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
ALTER TABLE "stacks" ADD CONSTRAINT "stacks_owner_id_users_id_fk" FOREIGN KEY ("owner_id") REFERENCES "public"."users"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "stacks_project_unique" ON "stacks" USING btree ("engine","project");--> statement-breakpoint
CREATE UNIQUE INDEX "stacks_folder_unique" ON "stacks" USING btree ("engine","folder");--> statement-breakpoint
CREATE INDEX "stacks_owner_index" ON "stacks" USING btree ("owner_id");
CREATE TABLE "chat_presets" (
	"id" text PRIMARY KEY NOT NULL,
	"user_id" text,
	"name" text NOT NULL,
	"settings" jsonb NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "chat_presets" ADD CONSTRAINT "chat_presets_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "chat_presets_name_index" ON "chat_presets" USING btree (coalesce("user_id", ''),"name");--> statement-breakpoint
CREATE INDEX "chat_presets_user_index" ON "chat_presets" USING btree ("user_id");
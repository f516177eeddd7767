CREATE TABLE "claude_requests" (
	"id" text PRIMARY KEY NOT NULL,
	"user_id" text,
	"key_id" text,
	"question" jsonb NOT NULL,
	"state" text DEFAULT 'processing' NOT NULL,
	"completion" text,
	"stop_reason" text,
	"model" text,
	"error" text,
	"callback" text,
	"allow_private" boolean DEFAULT false NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"completed_at" timestamp (3) with time zone,
	"expires_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "claude_requests" ADD CONSTRAINT "claude_requests_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "claude_requests_user_index" ON "claude_requests" USING btree ("user_id");--> statement-breakpoint
CREATE INDEX "claude_requests_expires_index" ON "claude_requests" USING btree ("expires_at");
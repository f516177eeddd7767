CREATE TABLE "tool_rules" (
	"id" text PRIMARY KEY NOT NULL,
	"server_id" text NOT NULL,
	"tool" text NOT NULL,
	"scope" text NOT NULL,
	"user_id" text,
	"conversation_id" text,
	"group_id" text,
	"verdict" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "tool_rules_scope_check" CHECK (("tool_rules"."scope" = 'conversation') = ("tool_rules"."conversation_id" is not null) and ("tool_rules"."scope" = 'group') = ("tool_rules"."group_id" is not null))
);
--> statement-breakpoint
ALTER TABLE "tool_rules" ADD CONSTRAINT "tool_rules_server_id_servers_id_fk" FOREIGN KEY ("server_id") REFERENCES "public"."servers"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "tool_rules" ADD CONSTRAINT "tool_rules_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "tool_rules" ADD CONSTRAINT "tool_rules_conversation_id_conversations_id_fk" FOREIGN KEY ("conversation_id") REFERENCES "public"."conversations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "tool_rules" ADD CONSTRAINT "tool_rules_group_id_groups_id_fk" FOREIGN KEY ("group_id") REFERENCES "public"."groups"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "tool_rules_place_index" ON "tool_rules" USING btree ("server_id","tool","scope",coalesce("user_id", ''),coalesce("conversation_id", ''),coalesce("group_id", ''));--> statement-breakpoint
CREATE INDEX "tool_rules_user_index" ON "tool_rules" USING btree ("user_id");--> statement-breakpoint
CREATE INDEX "tool_rules_conversation_index" ON "tool_rules" USING btree ("conversation_id");--> statement-breakpoint
CREATE INDEX "tool_rules_group_index" ON "tool_rules" USING btree ("group_id");
CREATE TABLE "conversation_groups" (
	"conversation_id" text NOT NULL,
	"group_id" text NOT NULL,
	CONSTRAINT "conversation_groups_conversation_id_group_id_pk" PRIMARY KEY("conversation_id","group_id")
);
--> statement-breakpoint
CREATE TABLE "conversations" (
	"id" text PRIMARY KEY NOT NULL,
	"owner_id" text,
	"space" text DEFAULT '' NOT NULL,
	"external_id" text NOT NULL,
	"kind" text DEFAULT 'chat' NOT NULL,
	"title" text DEFAULT '' NOT NULL,
	"titled_by" text DEFAULT 'nobody' NOT NULL,
	"status" text DEFAULT 'active' NOT NULL,
	"archived" boolean DEFAULT false NOT NULL,
	"tags" text[] DEFAULT '{}' NOT NULL,
	"settings" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"visibility" text DEFAULT 'private' NOT NULL,
	"head_id" text,
	"rounds" integer DEFAULT 0 NOT NULL,
	"tokens_in" bigint DEFAULT 0 NOT NULL,
	"tokens_out" bigint DEFAULT 0 NOT NULL,
	"cost" numeric(20, 9) DEFAULT 0 NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "agent_events" (
	"run_id" text NOT NULL,
	"seq" integer NOT NULL,
	"event" jsonb NOT NULL,
	CONSTRAINT "agent_events_run_id_seq_pk" PRIMARY KEY("run_id","seq")
);
--> statement-breakpoint
CREATE TABLE "agent_runs" (
	"id" text PRIMARY KEY NOT NULL,
	"kind" text NOT NULL,
	"conversation_id" text,
	"parent_id" text,
	"owner_id" text,
	"key_id" text,
	"state" text NOT NULL,
	"hub_id" text,
	"epoch" integer DEFAULT 1 NOT NULL,
	"cancel_at" timestamp (3) with time zone,
	"snapshot" jsonb NOT NULL,
	"input" jsonb NOT NULL,
	"compacted" jsonb,
	"failure" jsonb,
	"finish" text,
	"model" text NOT NULL,
	"tokens_in" bigint DEFAULT 0 NOT NULL,
	"tokens_out" bigint DEFAULT 0 NOT NULL,
	"cost" numeric(20, 9) DEFAULT 0 NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"ended_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "agent_steps" (
	"run_id" text NOT NULL,
	"key" text NOT NULL,
	"seq" integer NOT NULL,
	"kind" text NOT NULL,
	"state" text NOT NULL,
	"repeatable" boolean DEFAULT true NOT NULL,
	"request_hash" text NOT NULL,
	"output" jsonb,
	"usage" jsonb,
	"started_at" timestamp (3) with time zone NOT NULL,
	"ended_at" timestamp (3) with time zone,
	CONSTRAINT "agent_steps_run_id_key_pk" PRIMARY KEY("run_id","key")
);
--> statement-breakpoint
CREATE TABLE "hubs" (
	"id" text PRIMARY KEY NOT NULL,
	"seen" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "conversation_groups" ADD CONSTRAINT "conversation_groups_conversation_id_conversations_id_fk" FOREIGN KEY ("conversation_id") REFERENCES "public"."conversations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "conversation_groups" ADD CONSTRAINT "conversation_groups_group_id_groups_id_fk" FOREIGN KEY ("group_id") REFERENCES "public"."groups"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "conversations" ADD CONSTRAINT "conversations_owner_id_users_id_fk" FOREIGN KEY ("owner_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "agent_events" ADD CONSTRAINT "agent_events_run_id_agent_runs_id_fk" FOREIGN KEY ("run_id") REFERENCES "public"."agent_runs"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "agent_runs" ADD CONSTRAINT "agent_runs_conversation_id_conversations_id_fk" FOREIGN KEY ("conversation_id") REFERENCES "public"."conversations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "agent_runs" ADD CONSTRAINT "agent_runs_owner_id_users_id_fk" FOREIGN KEY ("owner_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "agent_steps" ADD CONSTRAINT "agent_steps_run_id_agent_runs_id_fk" FOREIGN KEY ("run_id") REFERENCES "public"."agent_runs"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "conversation_groups_group_index" ON "conversation_groups" USING btree ("group_id");--> statement-breakpoint
CREATE UNIQUE INDEX "conversations_external_index" ON "conversations" USING btree (coalesce("owner_id", ''),"space","external_id");--> statement-breakpoint
CREATE INDEX "conversations_owner_index" ON "conversations" USING btree ("owner_id","updated_at");--> statement-breakpoint
CREATE INDEX "agent_runs_conversation_index" ON "agent_runs" USING btree ("conversation_id","created_at");--> statement-breakpoint
CREATE INDEX "agent_runs_owner_index" ON "agent_runs" USING btree ("owner_id");--> statement-breakpoint
CREATE INDEX "agent_runs_open_index" ON "agent_runs" USING btree ("hub_id") WHERE "agent_runs"."ended_at" is null;--> statement-breakpoint
CREATE INDEX "agent_steps_order_index" ON "agent_steps" USING btree ("run_id","seq");
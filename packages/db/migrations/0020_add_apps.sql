CREATE TABLE "app_grants" (
	"token_id" text NOT NULL,
	"app_id" text NOT NULL,
	CONSTRAINT "app_grants_token_id_app_id_pk" PRIMARY KEY("token_id","app_id")
);
--> statement-breakpoint
CREATE TABLE "app_logs" (
	"num" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "app_logs_num_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"kind" text NOT NULL,
	"user_id" text,
	"username" text DEFAULT '' NOT NULL,
	"action" text NOT NULL,
	"target_type" text NOT NULL,
	"target_id" integer,
	"details" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"address" text,
	"token_id" text,
	"app_id" text,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "app_pairs" (
	"id" text PRIMARY KEY NOT NULL,
	"app_id" text NOT NULL,
	"action" text NOT NULL,
	"arguments" jsonb NOT NULL,
	"result" jsonb NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "app_prompts" (
	"num" integer PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "app_prompts_num_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 2147483647 START WITH 1 CACHE 1),
	"name" text NOT NULL,
	"display_name" text NOT NULL,
	"description" text DEFAULT '' NOT NULL,
	"template" text NOT NULL,
	"variables" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"enabled" boolean DEFAULT true NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "app_prompts_name_unique" UNIQUE("name")
);
--> statement-breakpoint
CREATE TABLE "app_snapshots" (
	"id" text PRIMARY KEY NOT NULL,
	"token_id" text NOT NULL,
	"name" text NOT NULL,
	"state" jsonb NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "app_tokens" (
	"id" text PRIMARY KEY NOT NULL,
	"num" integer GENERATED ALWAYS AS IDENTITY (sequence name "app_tokens_num_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 2147483647 START WITH 1 CACHE 1),
	"hash" text NOT NULL,
	"shown" text NOT NULL,
	"description" text DEFAULT '' NOT NULL,
	"enabled" boolean DEFAULT true NOT NULL,
	"seed" text,
	"profile" text,
	"faults" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"state" jsonb,
	"state_version" integer DEFAULT 0 NOT NULL,
	"calls_since" bigint DEFAULT 0 NOT NULL,
	"created_by" text,
	"last_used_at" timestamp (3) with time zone,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "app_tokens_num_unique" UNIQUE("num"),
	CONSTRAINT "app_tokens_hash_unique" UNIQUE("hash")
);
--> statement-breakpoint
CREATE TABLE "apps" (
	"id" text PRIMARY KEY NOT NULL,
	"num" integer GENERATED ALWAYS AS IDENTITY (sequence name "apps_num_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 2147483647 START WITH 1 CACHE 1),
	"category" text NOT NULL,
	"name" text NOT NULL,
	"display_name" text NOT NULL,
	"description" text DEFAULT '' NOT NULL,
	"ai_notes" text DEFAULT '' NOT NULL,
	"enabled" boolean DEFAULT true NOT NULL,
	"actions" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"initial_state" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"seed" text,
	"profile" text,
	"faults" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"visibility" text DEFAULT 'private' NOT NULL,
	"created_by" text,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "apps_num_unique" UNIQUE("num")
);
--> statement-breakpoint
ALTER TABLE "users" ADD COLUMN "num" integer NOT NULL GENERATED ALWAYS AS IDENTITY (sequence name "users_num_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 2147483647 START WITH 1 CACHE 1);--> statement-breakpoint
ALTER TABLE "servers" ADD COLUMN "app" text;--> statement-breakpoint
ALTER TABLE "app_grants" ADD CONSTRAINT "app_grants_token_id_app_tokens_id_fk" FOREIGN KEY ("token_id") REFERENCES "public"."app_tokens"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "app_grants" ADD CONSTRAINT "app_grants_app_id_apps_id_fk" FOREIGN KEY ("app_id") REFERENCES "public"."apps"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "app_pairs" ADD CONSTRAINT "app_pairs_app_id_apps_id_fk" FOREIGN KEY ("app_id") REFERENCES "public"."apps"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "app_snapshots" ADD CONSTRAINT "app_snapshots_token_id_app_tokens_id_fk" FOREIGN KEY ("token_id") REFERENCES "public"."app_tokens"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "app_tokens" ADD CONSTRAINT "app_tokens_created_by_users_id_fk" FOREIGN KEY ("created_by") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "apps" ADD CONSTRAINT "apps_created_by_users_id_fk" FOREIGN KEY ("created_by") REFERENCES "public"."users"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "app_grants_app_index" ON "app_grants" USING btree ("app_id");--> statement-breakpoint
CREATE INDEX "app_logs_token_index" ON "app_logs" USING btree ("token_id","num") WHERE "app_logs"."token_id" is not null;--> statement-breakpoint
CREATE INDEX "app_logs_created_index" ON "app_logs" USING btree ("created_at");--> statement-breakpoint
CREATE INDEX "app_pairs_app_index" ON "app_pairs" USING btree ("app_id");--> statement-breakpoint
CREATE UNIQUE INDEX "app_snapshots_name_unique" ON "app_snapshots" USING btree ("token_id","name");--> statement-breakpoint
CREATE INDEX "app_tokens_created_by_index" ON "app_tokens" USING btree ("created_by");--> statement-breakpoint
CREATE UNIQUE INDEX "apps_category_name_unique" ON "apps" USING btree ("category","name");--> statement-breakpoint
CREATE INDEX "apps_created_by_index" ON "apps" USING btree ("created_by");--> statement-breakpoint
ALTER TABLE "users" ADD CONSTRAINT "users_num_unique" UNIQUE("num");
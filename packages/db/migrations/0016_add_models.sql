CREATE TABLE "group_models" (
	"model_id" text NOT NULL,
	"group_id" text NOT NULL,
	CONSTRAINT "group_models_model_id_group_id_pk" PRIMARY KEY("model_id","group_id")
);
--> statement-breakpoint
CREATE TABLE "model_budgets" (
	"id" text PRIMARY KEY NOT NULL,
	"user_id" text,
	"key_id" text,
	"period" text NOT NULL,
	"measure" text NOT NULL,
	"most" numeric(20, 9) NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "model_budgets_unique" UNIQUE NULLS NOT DISTINCT("user_id","key_id","period","measure"),
	CONSTRAINT "model_budgets_of_one" CHECK (("model_budgets"."user_id" is null) <> ("model_budgets"."key_id" is null))
);
--> statement-breakpoint
CREATE TABLE "model_days" (
	"day" date NOT NULL,
	"model_id" text NOT NULL,
	"user_id" text NOT NULL,
	"key_id" text NOT NULL,
	"model" text NOT NULL,
	"turns" integer NOT NULL,
	"failures" integer NOT NULL,
	"tokens_in" bigint NOT NULL,
	"tokens_out" bigint NOT NULL,
	"cost" numeric(20, 9) NOT NULL,
	CONSTRAINT "model_days_day_model_id_user_id_key_id_pk" PRIMARY KEY("day","model_id","user_id","key_id")
);
--> statement-breakpoint
CREATE TABLE "model_turns" (
	"id" text PRIMARY KEY NOT NULL,
	"started_at" timestamp (3) with time zone NOT NULL,
	"ended_at" timestamp (3) with time zone,
	"reserved_until" timestamp (3) with time zone NOT NULL,
	"model_id" text NOT NULL,
	"model" text NOT NULL,
	"user_id" text,
	"key_id" text,
	"way" text NOT NULL,
	"outcome" text,
	"tokens_in" bigint NOT NULL,
	"tokens_out" bigint NOT NULL,
	"cost" numeric(20, 9) NOT NULL,
	"estimated" boolean DEFAULT false NOT NULL,
	"first_token_ms" integer
);
--> statement-breakpoint
CREATE TABLE "models" (
	"id" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"name_key" text NOT NULL,
	"protocol" text,
	"base_url" text NOT NULL,
	"model" text NOT NULL,
	"api_key" text,
	"headers" text,
	"options" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"extra_body" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"kept" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"timeout_ms" integer,
	"price_in" double precision,
	"price_out" double precision,
	"context_window" integer,
	"tools" boolean DEFAULT true NOT NULL,
	"images" boolean DEFAULT false NOT NULL,
	"reasoning" boolean DEFAULT false NOT NULL,
	"tool_protocol" text DEFAULT 'native' NOT NULL,
	"visibility" text DEFAULT 'private' NOT NULL,
	"allow_private" boolean DEFAULT false NOT NULL,
	"created_by" text,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
ALTER TABLE "group_models" ADD CONSTRAINT "group_models_model_id_models_id_fk" FOREIGN KEY ("model_id") REFERENCES "public"."models"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "group_models" ADD CONSTRAINT "group_models_group_id_groups_id_fk" FOREIGN KEY ("group_id") REFERENCES "public"."groups"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "model_budgets" ADD CONSTRAINT "model_budgets_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "model_budgets" ADD CONSTRAINT "model_budgets_key_id_api_keys_id_fk" FOREIGN KEY ("key_id") REFERENCES "public"."api_keys"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "models" ADD CONSTRAINT "models_created_by_users_id_fk" FOREIGN KEY ("created_by") REFERENCES "public"."users"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "group_models_group_index" ON "group_models" USING btree ("group_id");--> statement-breakpoint
CREATE INDEX "model_budgets_key_index" ON "model_budgets" USING btree ("key_id");--> statement-breakpoint
CREATE INDEX "model_days_user_index" ON "model_days" USING btree ("user_id","day");--> statement-breakpoint
CREATE INDEX "model_days_key_index" ON "model_days" USING btree ("key_id","day");--> statement-breakpoint
CREATE INDEX "model_turns_started_index" ON "model_turns" USING btree ("started_at");--> statement-breakpoint
CREATE INDEX "model_turns_open_index" ON "model_turns" USING btree ("reserved_until") WHERE "model_turns"."ended_at" is null;--> statement-breakpoint
CREATE UNIQUE INDEX "models_name_unique" ON "models" USING btree ("name_key");--> statement-breakpoint
CREATE INDEX "models_created_by_index" ON "models" USING btree ("created_by");
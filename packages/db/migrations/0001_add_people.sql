CREATE TABLE "group_items" (
	"group_id" text NOT NULL,
	"server_id" text NOT NULL,
	"type" text NOT NULL,
	"name" text NOT NULL,
	"enabled" boolean NOT NULL,
	"rename" text,
	"description" text,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "group_items_group_id_server_id_type_name_pk" PRIMARY KEY("group_id","server_id","type","name")
);
--> statement-breakpoint
CREATE TABLE "group_members" (
	"group_id" text NOT NULL,
	"user_id" text NOT NULL,
	"role" text NOT NULL,
	"status" text NOT NULL,
	"added_by" text,
	"approved_by" text,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "group_members_group_id_user_id_pk" PRIMARY KEY("group_id","user_id")
);
--> statement-breakpoint
CREATE TABLE "group_servers" (
	"group_id" text NOT NULL,
	"server_id" text NOT NULL,
	"permissions" text[] NOT NULL,
	"alias" text,
	"chosen" text[] DEFAULT '{}' NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "group_servers_group_id_server_id_pk" PRIMARY KEY("group_id","server_id")
);
--> statement-breakpoint
CREATE TABLE "groups" (
	"id" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"display_name" text NOT NULL,
	"description" text DEFAULT '' NOT NULL,
	"parent_id" text,
	"permissions" jsonb NOT NULL,
	"auto_assign" boolean DEFAULT false NOT NULL,
	"max_members" integer,
	"require_approval" boolean DEFAULT false NOT NULL,
	"created_by" text,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "rate_counters" (
	"bucket" text NOT NULL,
	"minute" integer NOT NULL,
	"count" integer NOT NULL,
	CONSTRAINT "rate_counters_bucket_minute_pk" PRIMARY KEY("bucket","minute")
);
--> statement-breakpoint
DROP INDEX "audit_at_index";--> statement-breakpoint
ALTER TABLE "api_keys" ADD COLUMN "endpoints" text[];--> statement-breakpoint
ALTER TABLE "api_keys" ADD COLUMN "groups" text[];--> statement-breakpoint
ALTER TABLE "api_keys" ADD COLUMN "servers" text[];--> statement-breakpoint
ALTER TABLE "api_keys" ADD COLUMN "tools" text[];--> statement-breakpoint
ALTER TABLE "api_keys" ADD COLUMN "calls_per_minute" integer;--> statement-breakpoint
ALTER TABLE "sessions" ADD COLUMN "kind" text DEFAULT 'login' NOT NULL;--> statement-breakpoint
ALTER TABLE "sessions" ADD COLUMN "user_agent" text;--> statement-breakpoint
ALTER TABLE "sessions" ADD COLUMN "address" text;--> statement-breakpoint
ALTER TABLE "sessions" ADD COLUMN "last_seen_at" timestamp (3) with time zone DEFAULT now() NOT NULL;--> statement-breakpoint
ALTER TABLE "sessions" ADD COLUMN "disabled_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "users" ADD COLUMN "email" text;--> statement-breakpoint
ALTER TABLE "users" ADD COLUMN "full_name" text;--> statement-breakpoint
ALTER TABLE "users" ADD COLUMN "profile" jsonb DEFAULT '{}'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "users" ADD COLUMN "grants" text[] DEFAULT '{}' NOT NULL;--> statement-breakpoint
ALTER TABLE "users" ADD COLUMN "totp_secret" text;--> statement-breakpoint
ALTER TABLE "users" ADD COLUMN "totp_pending" text;--> statement-breakpoint
ALTER TABLE "users" ADD COLUMN "totp_step" bigint;--> statement-breakpoint
ALTER TABLE "users" ADD COLUMN "recovery_codes" text[] DEFAULT '{}' NOT NULL;--> statement-breakpoint
ALTER TABLE "users" ADD COLUMN "approved_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "users" ADD COLUMN "last_login_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "call_records" ADD COLUMN "address" text;--> statement-breakpoint
ALTER TABLE "call_records" ADD COLUMN "arguments" jsonb;--> statement-breakpoint
ALTER TABLE "call_records" ADD COLUMN "result" jsonb;--> statement-breakpoint
ALTER TABLE "server_items" ADD COLUMN "calls_per_minute" integer;--> statement-breakpoint
ALTER TABLE "servers" ADD COLUMN "visibility" text DEFAULT 'group' NOT NULL;--> statement-breakpoint
ALTER TABLE "servers" ADD COLUMN "recording" text DEFAULT 'none' NOT NULL;--> statement-breakpoint
ALTER TABLE "audit" ADD COLUMN "actor_name" text;--> statement-breakpoint
ALTER TABLE "audit" ADD COLUMN "client" text;--> statement-breakpoint
ALTER TABLE "audit" ADD COLUMN "outcome" text DEFAULT 'ok' NOT NULL;--> statement-breakpoint
ALTER TABLE "audit" ADD COLUMN "duration_ms" double precision;--> statement-breakpoint
ALTER TABLE "audit" ADD COLUMN "address" text;--> statement-breakpoint
ALTER TABLE "group_items" ADD CONSTRAINT "group_items_server_fk" FOREIGN KEY ("group_id","server_id") REFERENCES "public"."group_servers"("group_id","server_id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "group_members" ADD CONSTRAINT "group_members_group_id_groups_id_fk" FOREIGN KEY ("group_id") REFERENCES "public"."groups"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "group_members" ADD CONSTRAINT "group_members_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "group_servers" ADD CONSTRAINT "group_servers_group_id_groups_id_fk" FOREIGN KEY ("group_id") REFERENCES "public"."groups"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "group_servers" ADD CONSTRAINT "group_servers_server_id_servers_id_fk" FOREIGN KEY ("server_id") REFERENCES "public"."servers"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "groups" ADD CONSTRAINT "groups_created_by_users_id_fk" FOREIGN KEY ("created_by") REFERENCES "public"."users"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "groups" ADD CONSTRAINT "groups_parent_fk" FOREIGN KEY ("parent_id") REFERENCES "public"."groups"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "group_members_user_index" ON "group_members" USING btree ("user_id");--> statement-breakpoint
CREATE UNIQUE INDEX "group_servers_alias_unique" ON "group_servers" USING btree ("group_id",lower("alias"));--> statement-breakpoint
CREATE INDEX "group_servers_server_index" ON "group_servers" USING btree ("server_id");--> statement-breakpoint
CREATE INDEX "groups_parent_index" ON "groups" USING btree ("parent_id");--> statement-breakpoint
CREATE INDEX "rate_counters_minute_index" ON "rate_counters" USING btree ("minute");--> statement-breakpoint
CREATE INDEX "refresh_tokens_family_index" ON "refresh_tokens" USING btree ("family");--> statement-breakpoint
CREATE INDEX "refresh_tokens_expires_index" ON "refresh_tokens" USING btree ("expires_at");--> statement-breakpoint
CREATE INDEX "audit_user_index" ON "audit" USING btree ("user_id","at" DESC NULLS LAST,"id" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "audit_at_index" ON "audit" USING btree ("at" DESC NULLS LAST,"id" DESC NULLS LAST);--> statement-breakpoint
ALTER TABLE "rate_counters" SET UNLOGGED;--> statement-breakpoint
UPDATE "users" SET "approved_at" = "created_at";--> statement-breakpoint
-- History is only appended to. Retention is the one exception, and it has one door.
CREATE FUNCTION "refuse_history_change"() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
	stack text;
BEGIN
	IF TG_OP = 'DELETE' AND current_setting('switchboard.retention', true) = 'running' THEN
		GET DIAGNOSTICS stack = PG_CONTEXT;
		IF stack LIKE '%prune_history(timestamp with time zone,timestamp with time zone)%' THEN
			RETURN OLD;
		END IF;
	END IF;
	RAISE EXCEPTION '% on % is refused: history is only appended to', TG_OP, TG_TABLE_NAME
		USING ERRCODE = 'insufficient_privilege';
END
$$;--> statement-breakpoint
CREATE TRIGGER "audit_append_only" BEFORE UPDATE OR DELETE ON "audit" FOR EACH ROW EXECUTE FUNCTION "refuse_history_change"();--> statement-breakpoint
CREATE TRIGGER "audit_no_truncate" BEFORE TRUNCATE ON "audit" FOR EACH STATEMENT EXECUTE FUNCTION "refuse_history_change"();--> statement-breakpoint
CREATE TRIGGER "call_records_append_only" BEFORE UPDATE OR DELETE ON "call_records" FOR EACH ROW EXECUTE FUNCTION "refuse_history_change"();--> statement-breakpoint
CREATE TRIGGER "call_records_no_truncate" BEFORE TRUNCATE ON "call_records" FOR EACH STATEMENT EXECUTE FUNCTION "refuse_history_change"();--> statement-breakpoint
CREATE FUNCTION "prune_history"(calls_before timestamp with time zone, audit_before timestamp with time zone)
RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT SET "switchboard.retention" = 'running' AS $$
DECLARE
	removed bigint;
	more bigint;
BEGIN
	DELETE FROM call_records WHERE started_at < calls_before;
	GET DIAGNOSTICS removed = ROW_COUNT;
	DELETE FROM audit WHERE at < audit_before;
	GET DIAGNOSTICS more = ROW_COUNT;
	RETURN removed + more;
END
$$;--> statement-breakpoint
REVOKE ALL ON FUNCTION "prune_history"(timestamp with time zone, timestamp with time zone) FROM PUBLIC;

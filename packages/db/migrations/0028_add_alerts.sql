CREATE TABLE "alert_rules" (
	"id" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"kind" text NOT NULL,
	"enabled" boolean NOT NULL,
	"severity" text NOT NULL,
	"server_id" text,
	"threshold" double precision,
	"window_minutes" integer NOT NULL,
	"for_minutes" integer NOT NULL,
	"quiet" jsonb,
	"shipped" boolean DEFAULT false NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "alerts" (
	"id" text PRIMARY KEY NOT NULL,
	"rule_id" text NOT NULL,
	"subject" text NOT NULL,
	"server_id" text,
	"severity" text NOT NULL,
	"state" text NOT NULL,
	"reason" jsonb NOT NULL,
	"detail" text,
	"value" double precision,
	"since" timestamp (3) with time zone NOT NULL,
	"fired_at" timestamp (3) with time zone,
	"resolved_at" timestamp (3) with time zone,
	"acknowledged_at" timestamp (3) with time zone,
	"acknowledged_by" text,
	"acknowledged_name" text,
	"told_at" timestamp (3) with time zone,
	"told_resolved_at" timestamp (3) with time zone
);
--> statement-breakpoint
ALTER TABLE "alert_rules" ADD CONSTRAINT "alert_rules_server_id_servers_id_fk" FOREIGN KEY ("server_id") REFERENCES "public"."servers"("id") ON DELETE cascade ON UPDATE cascade;--> statement-breakpoint
ALTER TABLE "alerts" ADD CONSTRAINT "alerts_rule_id_alert_rules_id_fk" FOREIGN KEY ("rule_id") REFERENCES "public"."alert_rules"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "alerts" ADD CONSTRAINT "alerts_server_id_servers_id_fk" FOREIGN KEY ("server_id") REFERENCES "public"."servers"("id") ON DELETE cascade ON UPDATE cascade;--> statement-breakpoint
ALTER TABLE "alerts" ADD CONSTRAINT "alerts_acknowledged_by_users_id_fk" FOREIGN KEY ("acknowledged_by") REFERENCES "public"."users"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "alert_rules_server_index" ON "alert_rules" USING btree ("server_id");--> statement-breakpoint
CREATE UNIQUE INDEX "alerts_open_index" ON "alerts" USING btree ("rule_id","subject") WHERE "alerts"."state" <> 'resolved';--> statement-breakpoint
CREATE INDEX "alerts_since_index" ON "alerts" USING btree ("since","id");--> statement-breakpoint
CREATE INDEX "alerts_resolved_index" ON "alerts" USING btree ("resolved_at");--> statement-breakpoint
CREATE INDEX "alerts_server_index" ON "alerts" USING btree ("server_id");--> statement-breakpoint
CREATE INDEX "alerts_acknowledged_index" ON "alerts" USING btree ("acknowledged_by");
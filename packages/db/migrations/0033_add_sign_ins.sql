CREATE TABLE "sign_in_attempts" (
	"id" text PRIMARY KEY NOT NULL,
	"server_id" text NOT NULL,
	"user_id" text,
	"shared" boolean NOT NULL,
	"session" text NOT NULL,
	"state" text,
	"pending" text,
	"steps" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"failure" jsonb,
	"created_at" timestamp (3) with time zone NOT NULL,
	"ended_at" timestamp (3) with time zone,
	CONSTRAINT "sign_in_attempts_state_unique" UNIQUE("state")
);
--> statement-breakpoint
CREATE TABLE "upstream_clients" (
	"server_id" text NOT NULL,
	"issuer" text NOT NULL,
	"kind" text NOT NULL,
	"client" text NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "upstream_clients_server_id_issuer_pk" PRIMARY KEY("server_id","issuer")
);
--> statement-breakpoint
CREATE TABLE "upstream_grants" (
	"id" text PRIMARY KEY NOT NULL,
	"server_id" text NOT NULL,
	"user_id" text,
	"issuer" text NOT NULL,
	"scope" text,
	"grant" text NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"refreshed_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "upstream_grants_server_user_unique" UNIQUE NULLS NOT DISTINCT("server_id","user_id")
);
--> statement-breakpoint
ALTER TABLE "sign_in_attempts" ADD CONSTRAINT "sign_in_attempts_server_id_servers_id_fk" FOREIGN KEY ("server_id") REFERENCES "public"."servers"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sign_in_attempts" ADD CONSTRAINT "sign_in_attempts_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "upstream_clients" ADD CONSTRAINT "upstream_clients_server_id_servers_id_fk" FOREIGN KEY ("server_id") REFERENCES "public"."servers"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "upstream_grants" ADD CONSTRAINT "upstream_grants_server_id_servers_id_fk" FOREIGN KEY ("server_id") REFERENCES "public"."servers"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "upstream_grants" ADD CONSTRAINT "upstream_grants_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "sign_in_attempts_server_index" ON "sign_in_attempts" USING btree ("server_id","user_id","created_at");--> statement-breakpoint
CREATE INDEX "upstream_grants_user_index" ON "upstream_grants" USING btree ("user_id");
CREATE TABLE "generated_tools" (
	"server_id" text PRIMARY KEY NOT NULL,
	"files" json NOT NULL,
	"readme" text NOT NULL,
	"dependencies" text NOT NULL,
	"hash" text NOT NULL,
	"reviewed" json,
	"reviewed_by" text,
	"reviewed_at" timestamp (3) with time zone,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
ALTER TABLE "servers" ADD COLUMN "reviewed" text;--> statement-breakpoint
ALTER TABLE "generated_tools" ADD CONSTRAINT "generated_tools_server_id_servers_id_fk" FOREIGN KEY ("server_id") REFERENCES "public"."servers"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "generated_tools" ADD CONSTRAINT "generated_tools_reviewed_by_users_id_fk" FOREIGN KEY ("reviewed_by") REFERENCES "public"."users"("id") ON DELETE set null ON UPDATE no action;
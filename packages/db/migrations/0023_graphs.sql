CREATE TABLE "graphs" (
	"id" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"name_key" text NOT NULL,
	"config" json NOT NULL,
	"visibility" text DEFAULT 'private' NOT NULL,
	"created_by" text,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "group_graphs" (
	"group_id" text NOT NULL,
	"graph_id" text NOT NULL,
	CONSTRAINT "group_graphs_group_id_graph_id_pk" PRIMARY KEY("group_id","graph_id")
);
--> statement-breakpoint
ALTER TABLE "graphs" ADD CONSTRAINT "graphs_created_by_users_id_fk" FOREIGN KEY ("created_by") REFERENCES "public"."users"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "group_graphs" ADD CONSTRAINT "group_graphs_group_id_groups_id_fk" FOREIGN KEY ("group_id") REFERENCES "public"."groups"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "group_graphs" ADD CONSTRAINT "group_graphs_graph_id_graphs_id_fk" FOREIGN KEY ("graph_id") REFERENCES "public"."graphs"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "graphs_name_unique" ON "graphs" USING btree ("name_key");--> statement-breakpoint
CREATE INDEX "graphs_created_by_index" ON "graphs" USING btree ("created_by");--> statement-breakpoint
CREATE INDEX "group_graphs_graph_index" ON "group_graphs" USING btree ("graph_id");
CREATE TABLE "task_routes" (
	"task" text NOT NULL,
	"server_id" text NOT NULL,
	"person" text NOT NULL,
	"credential" text NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "task_routes_task_server_id_person_pk" PRIMARY KEY("task","server_id","person")
);
--> statement-breakpoint
ALTER TABLE "task_routes" ADD CONSTRAINT "task_routes_server_id_servers_id_fk" FOREIGN KEY ("server_id") REFERENCES "public"."servers"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "task_routes_expires_index" ON "task_routes" USING btree ("expires_at");--> statement-breakpoint
CREATE INDEX "task_routes_server_index" ON "task_routes" USING btree ("server_id");
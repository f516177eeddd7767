CREATE TABLE "slot_values" (
	"server_id" text NOT NULL,
	"person" text NOT NULL,
	"user_id" text,
	"names" text[] NOT NULL,
	"values" text NOT NULL,
	"stamp" text NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "slot_values_server_id_person_pk" PRIMARY KEY("server_id","person")
);
--> statement-breakpoint
ALTER TABLE "servers" ADD COLUMN "slots" jsonb DEFAULT '[]'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "slot_values" ADD CONSTRAINT "slot_values_server_id_servers_id_fk" FOREIGN KEY ("server_id") REFERENCES "public"."servers"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "slot_values" ADD CONSTRAINT "slot_values_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "slot_values_user_index" ON "slot_values" USING btree ("user_id");
CREATE TABLE "versions" (
	"kind" text NOT NULL,
	"entity_id" text NOT NULL,
	"number" integer NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"by_id" text,
	"by_name" text,
	"snapshot" jsonb NOT NULL,
	"fingerprints" jsonb NOT NULL,
	"bytes" integer NOT NULL,
	"restored" integer,
	CONSTRAINT "versions_kind_entity_id_number_pk" PRIMARY KEY("kind","entity_id","number")
);
--> statement-breakpoint
ALTER TABLE "versions" ADD CONSTRAINT "versions_by_id_users_id_fk" FOREIGN KEY ("by_id") REFERENCES "public"."users"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "versions_by_index" ON "versions" USING btree ("by_id");
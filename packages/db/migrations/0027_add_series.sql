CREATE TABLE "gauge_series" (
	"gauge" text NOT NULL,
	"bucket" integer NOT NULL,
	"resolution" smallint NOT NULL,
	"replica" text NOT NULL,
	"count" integer NOT NULL,
	"sum" double precision NOT NULL,
	"min" double precision NOT NULL,
	"max" double precision NOT NULL,
	CONSTRAINT "gauge_series_resolution_gauge_bucket_replica_pk" PRIMARY KEY("resolution","gauge","bucket","replica")
);
--> statement-breakpoint
CREATE TABLE "series" (
	"key" integer NOT NULL,
	"bucket" integer NOT NULL,
	"resolution" smallint NOT NULL,
	"counts" bigint[] NOT NULL,
	CONSTRAINT "series_resolution_key_bucket_pk" PRIMARY KEY("resolution","key","bucket")
);
--> statement-breakpoint
CREATE TABLE "series_changes" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "series_changes_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"minute" integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE "series_keys" (
	"id" integer PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "series_keys_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 2147483647 START WITH 1 CACHE 1),
	"dimension" text NOT NULL,
	"value" text NOT NULL,
	CONSTRAINT "series_keys_unique" UNIQUE("dimension","value")
);
--> statement-breakpoint
CREATE INDEX "series_changes_minute_index" ON "series_changes" USING btree ("minute");--> statement-breakpoint
-- Rows of running hours and days are written again each minute: there is room beside them, and the old ones go soon.
ALTER TABLE "series" SET (fillfactor = 90, autovacuum_vacuum_scale_factor = 0.05);--> statement-breakpoint
-- What is recorded already is counted by the first hub that runs.
INSERT INTO "series_changes" ("minute")
	SELECT DISTINCT floor(extract(epoch FROM started_at) / 60)::integer FROM "call_records"
	UNION SELECT floor(extract(epoch FROM started_at) / 60)::integer FROM "model_turns" WHERE outcome IS NOT NULL;

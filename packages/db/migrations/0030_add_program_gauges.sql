ALTER TABLE "gauge_series" DROP CONSTRAINT "gauge_series_resolution_gauge_bucket_replica_pk";--> statement-breakpoint
ALTER TABLE "gauge_series" ADD COLUMN "server" text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE "gauge_series" ADD CONSTRAINT "gauge_series_resolution_server_gauge_bucket_replica_pk" PRIMARY KEY("resolution","server","gauge","bucket","replica");

CREATE SEQUENCE "public"."uid_turns" INCREMENT BY 1 MINVALUE 0 MAXVALUE 9223372036854775807 START WITH 0 CACHE 1 CYCLE;--> statement-breakpoint
ALTER TABLE "servers" ADD COLUMN "account" text DEFAULT 'shared' NOT NULL;--> statement-breakpoint
ALTER TABLE "servers" ADD COLUMN "own_uid" integer;--> statement-breakpoint
ALTER TABLE "servers" ADD CONSTRAINT "servers_own_uid_unique" UNIQUE("own_uid");
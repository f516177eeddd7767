DROP INDEX "call_records_started_index";--> statement-breakpoint
DROP INDEX "call_records_server_index";--> statement-breakpoint
DROP INDEX "call_records_user_index";--> statement-breakpoint
DROP INDEX "audit_at_index";--> statement-breakpoint
DROP INDEX "audit_subject_index";--> statement-breakpoint
DROP INDEX "audit_user_index";--> statement-breakpoint
CREATE INDEX "audit_removed_users_index" ON "audit" USING btree ("at","id") WHERE "audit"."action" = 'user.remove';--> statement-breakpoint
CREATE INDEX "call_records_started_index" ON "call_records" USING btree ("started_at");--> statement-breakpoint
CREATE INDEX "call_records_server_index" ON "call_records" USING btree ("server_id","started_at");--> statement-breakpoint
CREATE INDEX "call_records_user_index" ON "call_records" USING btree ("user_id","started_at");--> statement-breakpoint
CREATE INDEX "audit_at_index" ON "audit" USING btree ("at","id");--> statement-breakpoint
CREATE INDEX "audit_subject_index" ON "audit" USING btree ("subject","at","id");--> statement-breakpoint
CREATE INDEX "audit_user_index" ON "audit" USING btree ("user_id","at","id");--> statement-breakpoint
-- Asked once a statement: once a row made retention many times slower.
DROP TRIGGER "audit_append_only" ON "audit";--> statement-breakpoint
DROP TRIGGER "call_records_append_only" ON "call_records";--> statement-breakpoint
DROP FUNCTION "prune_history"(timestamp with time zone, timestamp with time zone);--> statement-breakpoint
CREATE OR REPLACE FUNCTION "refuse_history_change"() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
	stack text;
BEGIN
	IF TG_OP = 'DELETE' AND current_setting('switchboard.retention', true) = 'running' THEN
		GET DIAGNOSTICS stack = PG_CONTEXT;
		IF stack LIKE '%prune_history(timestamp with time zone,timestamp with time zone,integer)%' THEN
			RETURN NULL;
		END IF;
	END IF;
	RAISE EXCEPTION '% on % is refused: history is only appended to', TG_OP, TG_TABLE_NAME
		USING ERRCODE = 'insufficient_privilege';
END
$$;--> statement-breakpoint
CREATE TRIGGER "audit_append_only" BEFORE UPDATE OR DELETE ON "audit" FOR EACH STATEMENT EXECUTE FUNCTION "refuse_history_change"();--> statement-breakpoint
CREATE TRIGGER "call_records_append_only" BEFORE UPDATE OR DELETE ON "call_records" FOR EACH STATEMENT EXECUTE FUNCTION "refuse_history_change"();--> statement-breakpoint
-- Removes at most `most` rows of each history, the oldest first, and says how many: whoever wants all gone calls it until none was.
CREATE FUNCTION "prune_history"(calls_before timestamp with time zone, audit_before timestamp with time zone, most integer DEFAULT 5000)
RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT SET "switchboard.retention" = 'running' AS $$
DECLARE
	removed bigint;
	more bigint;
BEGIN
	DELETE FROM call_records WHERE ctid = ANY (ARRAY(
		SELECT ctid FROM call_records WHERE started_at < calls_before ORDER BY started_at LIMIT most));
	GET DIAGNOSTICS removed = ROW_COUNT;
	DELETE FROM audit WHERE ctid = ANY (ARRAY(
		SELECT ctid FROM audit WHERE at < audit_before ORDER BY at LIMIT most));
	GET DIAGNOSTICS more = ROW_COUNT;
	RETURN removed + more;
END
$$;--> statement-breakpoint
REVOKE ALL ON FUNCTION "prune_history"(timestamp with time zone, timestamp with time zone, integer) FROM PUBLIC;

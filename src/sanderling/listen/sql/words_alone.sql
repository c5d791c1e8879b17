-- Only one worker at a time reads words, so that an old wording cannot overwrite a newer one; until the transaction ends.
select pg_try_advisory_xact_lock(hashtext('listen_words'), 0)

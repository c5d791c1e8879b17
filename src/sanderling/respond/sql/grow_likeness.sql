-- The column that pgvector gives to answered cases, where it can be had; elsewhere nothing happens.
do $$
begin
    create extension if not exists vector;
    alter table respond_answered add column if not exists likeness sparsevec(262144);
exception
    -- not installed, not ours to make, or too old to know sparse vectors
    when undefined_file or feature_not_supported or insufficient_privilege or undefined_object then null;
end
$$

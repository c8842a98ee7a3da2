select
    document_key, file_name, byte_size, source_url, published_on,
    make_timestamp(epoch_us(retrieved_at)) as retrieved_at,
    coalesce(is_stale, false) as is_stale
from {{ source('extracted', 'source_file') }}
order by document_key

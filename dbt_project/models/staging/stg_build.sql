select build_id, input_fingerprint, yusuan_version, versions
from {{ source('extracted', 'build') }}

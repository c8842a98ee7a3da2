select
    build_id,
    input_fingerprint,
    yusuan_version,
    versions,
    (select count(*) from {{ ref('stg_document') }}) as document_count,
    (select count(*) from {{ ref('published_figure') }}) as figure_count,
    (select count(*) from {{ ref('statement_status') }} where status = 'present' and statement_number is not null) as statement_count,
    (select count(*) from {{ ref('extraction_issue') }}) as issue_count,
    (select count(*) from {{ ref('quarantined_document') }}) as quarantined_count
from {{ ref('stg_build') }}

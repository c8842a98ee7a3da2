select
    figure_id,
    document_key || '-' || check_number as check_id,
    identity_id,
    document_key,
    side,
    confirms
from {{ ref('stg_figure_identity') }}
order by document_key, check_number, side, figure_id

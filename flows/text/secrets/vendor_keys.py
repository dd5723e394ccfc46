"""Lists the forms of keys and tokens that vendors give out. A key of such a form is a secret wherever it stands.

A form is listed only if its prefix cannot begin a usual word. Libraries of such rules (gitleaks' children, Kingfisher,
detect-secrets) were measured and left out: `docs/decisions.md` has the figures.
"""

import re
from functools import lru_cache
from typing import Final

_HEX: Final = "[0-9A-Fa-f]"
_UUID: Final = rf"{_HEX}{{8}}(?:-{_HEX}{{4}}){{3}}-{_HEX}{{12}}"

_MONEY: Final = (
    r"[srp]k_[a-z]+_\w{6,}",  # Conductor, Stripe
    r"whsec_[\w+/=-]{16,}",  # webhooks of Stripe and others
    r"sq0[a-z]{3}-[\w-]{16,}",  # Square
    r"EAA[A-Za-z0-9]{28,}",  # Square, Facebook
    r"rzp_(?:live|test)_\w{10,}|shippo_(?:live|test)_\w{20,}|EZ[AT]K\w{30,}",  # Razorpay, Shippo, EasyPost
    rf"access-(?:sandbox|development|production)-{_UUID}|access_token\$\w{{4,12}}\$[\w$]{{20,}}",  # Plaid, Braintree
    rf"shp(?:at|ca|pa|ss|ua)_{_HEX}{{16,}}",  # Shopify
    r"AB11\d{8,}[A-Za-z0-9]{20,}",  # Intuit
)
_CODE: Final = (
    r"gh[opsur]_\w{16,}|github_pat_\w{20,}",  # GitHub
    r"gl(?:pat|dt|rt|cbt|ptt|ft|soat|imt|agent|oas)-[\w-]{16,}",  # GitLab
    r"npm_\w{30,}|pypi-[\w-]{30,}|rubygems_[0-9a-f]{40,}|oy2[a-z0-9]{43}",  # registries of packages
    r"dckr_[po]at_[\w-]{20,}|AKCp\d[A-Za-z0-9]{30,}",  # Docker, Artifactory
    r"AT(?:ATT3|CTT3|BB)[\w=-]{20,}",  # Atlassian
    r"lin_(?:api|oauth)_\w{30,}|figd_[\w-]{20,}|PMAK-[\w-]{24,}|pat[A-Za-z0-9]{14}\.[0-9a-f]{64}",  # Linear, Figma …
    r"ntn_\w{40,}|secret_[A-Za-z0-9]{40,}|sntry[su]_[\w=+/-]{20,}|ph[cx]_\w{30,}",  # Notion, Sentry, PostHog
    r"NR(?:AK|JS|II|RA)-[\w-]{16,}|glsa_\w{30,}|glc_[\w=+/]{30,}|dapi[0-9a-f]{32}",  # New Relic, Grafana, Databricks
    r"hv[sb]\.[\w-]{20,}|dp\.(?:pt|st|ct|sa|scim|audit)\.\w{30,}|pul-[0-9a-f]{40}",  # Vault, Doppler, Pulumi
    r"bkua_[0-9a-f]{40}|CCIPAT_\w{20,}|tskey-\w{2,12}-[\w-]{16,}|ops_eyJ[\w=+/-]{20,}",  # CI, Tailscale, 1Password
    r"[A-Za-z0-9]{14}\.atlasv1\.[\w=-]{40,}",  # Terraform
)
_CLOUD: Final = (
    r"(?:AKIA|ASIA|AROA|AIDA|ABIA|ACCA)[A-Z0-9]{16}",  # AWS
    r"AIza[\w-]{30,}|ya29\.[\w-]{16,}|GOCSPX-[\w-]{20,}|1//0[\w-]{20,}",  # Google
    r"do[opr]_v1_[0-9a-f]{32,}",  # DigitalOcean
    r"HRKU-[\w-]{30,}|sbp_[0-9a-f]{32,}|nfp_\w{30,}|rnd_\w{24,}|pscale_\w{2,5}_[\w.-]{30,}|fm2_[\w=+/]{30,}",  # hosts
    r"[\w.~-]{3}[78]Q~[\w.~-]{30,}",  # Azure
    r"v1\.0-[0-9a-f]{24}-[0-9a-f]{100,}",  # Cloudflare
)
_MESSAGES: Final = (
    r"xox[a-z](?:\.xox[a-z])?-[\w-]{8,}|xapp-[\w-]{8,}",  # Slack
    r"[MNO][\w-]{23,28}\.[\w-]{6,7}\.[\w-]{27,}",  # Discord
    r"\d{8,10}:AA[\w-]{30,}",  # Telegram
    r"SG\.[\w-]{16,}\.[\w-]{16,}|xkeysib-[\w-]{30,}",  # SendGrid, Brevo
    r"(?:pub)?key-[0-9a-f]{32}|[0-9a-f]{32}-[0-9a-f]{8}-[0-9a-f]{8}|[0-9a-f]{32}-us\d{1,2}",  # Mailgun, Mailchimp
    r"SK[0-9a-f]{32}",  # Twilio
    rf"pat-[a-z]{{2}}\d-{_UUID}",  # HubSpot
)
_MODELS: Final = (
    r"sk-[\w-]{16,}|gsk_\w{30,}|xai-\w{40,}|r8_\w{30,}|pplx-\w{30,}|hf_\w{30,}",  # OpenAI, Anthropic, Groq …
)
_OTHERS: Final = (
    r"eyJ[\w-]{5,}(?:\.[\w-]+){1,4}",  # JSON web tokens
    r"[sp]k\.eyJ[\w-]{10,}(?:\.[\w-]+)?",  # Mapbox
    r"AGE-SECRET-KEY-1[0-9A-Z]{40,}",
)


@lru_cache(maxsize=1)
def vendor_key() -> str:
    """Return the pattern of every vendor's keys, to stand in a larger pattern."""
    return "|".join((*_MONEY, *_CODE, *_CLOUD, *_MESSAGES, *_MODELS, *_OTHERS))


def is_vendor_key(text: str) -> bool:
    """Return whether the whole text is a vendor's key."""
    return re.fullmatch(vendor_key(), text) is not None

"""Lists what people call a secret, in the languages of customers, and the words between the name and the secret."""

import re
from typing import Final

STRONG: Final = (
    r"pass?[ -]?(?:words?|wrod|owrd|phrase|code)|passwd|passwort|kennwort|mot de passe|contrase[nñ]a|senha"
    r"|palavra[- ]passe|wachtwoord|lykilor[dð]|has[lł](?:o|a|em)|l[oö]senord|passord|adgangskode|salasana|heslo"
    r"|kodeord|jelsz(?:[oó]|av)|\b[sş]ifre|m[aậ]t kh[aẩ]u|kata sandi"
    r"|(?<![A-Za-z])(?:(?:pwd?|p/w|pin)(?![a-z])|(?:my|the|our) pass\b)|parola d['\u2019]ordine"
    r"|парол(?:[ья\u0430\u0456]|ем)?|лозинка|κωδικ[οό]ς|סיסמ[התא]|(?:كلمة|رمز) (?:المرور|السر)|पासवर्ड"
)
"""Names that only a password has. What follows one is a secret, unless it is an everyday word."""

UNSPACED: Final = "密码|密碼|口令|パスワード|暗証番号|비밀번호|비번|암호|รหัสผ่าน"
"""The same in scripts without spaces, where the secret itself is in Latin letters."""

UNSURE: Final = (
    r"\b(?:mdp|clave|parola|geslo|lozinka|parool|(?:new|old|other|second|current|latest|correct|right) one)"
)
"""Names that mean other things as well: what follows is a secret only if it mixes letters and digits."""

KEYED: Final = (
    r"(?:client|api|access|private|secret|auth|refresh|session|account|shared|signing|encryption|subscription"
    r"|webhook)[ _-]?(?:access[ _-]?)?(?:key|secret|token)"
    r"|(?<=[a-z]_)key(?=\s{0,3}[=:])|(?<![A-Za-z])(?:secret|token|credentials?)"
)
"""Names of keys and tokens."""

SHORT_CODE: Final = (
    r"\b(?:pin|otp|cvv2?|cvc2?|csc|(?:security|verification|one[- ]time|2fa|mfa|sms|alarm|access|unlock|door)"
    r" (?:code|pin)|(?:login|sign-?in) code(?=\D{1,8}\d{4}))\b(?: ?(?:code|number|no\.?|nummer|kod))?"
)
"""Names of codes that are short numbers."""

SIGN: Final = r"[:=\uff1a]{1,2}>?|->|=>|\u2192|%3[AaDd]"

IS: Final = (
    "is now|is still|is just|is simply|used to be|is|was|are|be|to|ist|lautet|war|est|es|era|er|é|è|je|är|on"
    "|jest|este|là|это|будет|είναι|הוא|היא|هي|हे|है"
)
"""Words between a name and its secret. Of two that begin alike, the longer stands first."""

OWN: Final = "mea|mia|mío|mía|meu|minha|mijn|mein|min|mitt|moje|моя|мой|μου|שלי|của tôi|field|code"
"""Words between a name and its secret that say whose or what it is."""

AS: Final = "is|was|as|comme|als|como|come|som|jako|как|ist|est|es|é|è"
"""Words between a secret and its name: "use hunter2 as my password"."""

OF: Final = "for|of|from|in|on|für|von|pour|de|du|para|da|do|per|til|till|för|voor|od|от|для|к"
"""Words between a name and what it belongs to."""

OTHERS: Final = re.compile(
    "(?i)(?:code|error|id|number|nr|no|ticket|case|status|version|release|step|user|username|login|email|mail|host|server"
    "|time|date|line|request|build|port|fehler|nummer|benutzer|usuario|utente|utilisateur)"
)
"""Words before a sign that say what the value is, when it is no secret: "password error code: E12b"."""

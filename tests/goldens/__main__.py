"""Write every golden anew."""

from tests.goldens import VARIANTS, texts

for golden in VARIANTS:
    for path, text in texts(golden).items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

"""Licensed wording as data: a pack is one JSON file; without a confirmed, valid licence nobody sees it."""

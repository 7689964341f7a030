"""Parts that pages share: numbers, words, tables, blocks, figures, the frame."""

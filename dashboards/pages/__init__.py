"""One module per question. Each has `layout(book, address) -> View` and computes no statistic."""

// The kernels in the order of their numbers; opcodes.ts holds the same list, and a test compares the two.
#define KERNEL_LIST(F)  \
  F(Unary)              \
  F(Binary)             \
  F(Copy)               \
  F(Cast)               \
  F(Fill)               \
  F(Select)             \
  F(Reduce)             \
  F(ReduceInt)          \
  F(ReduceBool)         \
  F(ArgExtreme)         \
  F(Cumsum)             \
  F(Softmax)            \
  F(LayerNorm)          \
  F(LayerNormGrad)      \
  F(Linear)             \
  F(LinearGrad)         \
  F(BatchMatMul)        \
  F(Dropout)            \
  F(Attention)          \
  F(AttentionGrad)      \
  F(DecodeAttention)    \
  F(CrossEntropy)       \
  F(CrossEntropyGrad)   \
  F(ScoreRows)          \
  F(Embedding)          \
  F(EmbeddingGrad)      \
  F(SegmentSum)         \
  F(Gather)             \
  F(OneHot)             \
  F(TopK)               \
  F(AdamW)              \
  F(GlobalNorm)         \
  F(Unfold)             \
  F(Gate)               \
  F(GateGrad)

// Masked convolutions at one pixel (or at a run of pixels of one row) of several images, one after the other, each with
// what follows it: what sampling computes for a new pixel. The steps stand in a table that is prepared once.
// An element's sum is CHAINS chains of multiply-adds whose inputs depend on the layer alone, so an image has the same bits
// alone and in a batch. Images need nothing of each other: a thread takes a few of them through all steps.
#include "runtime.h"
#include "vecMath.h"

#define PANEL 32           // outputs whose weights lie together; the last ones may be HALF_PANEL
#define HALF_PANEL 16
#define IMAGES_PER_CHUNK 4
#define ITEMS 8            // pixels that are computed together
#define MOST_SEEN 1024     // places of both convolutions of a step
// Chains of a panel's sums, and pixels whose sums stand in registers together. One pixel alone is held up by its weights,
// which come out of the second-level cache, several by how many sums there are to go on with.
#if defined(__AVX512F__)
#define CHAINS 2
#define TILE 4
#elif defined(__AVX2__)
#define CHAINS 2
#define TILE 1
#elif defined(__ARM_NEON)
#define CHAINS 1
#define TILE 2
#else
#define CHAINS 1
#define TILE 1
#endif

// Words of the table are int32; a place in memory is counted in floats from its start, 0 where there is none.
typedef struct {
  int32_t at, features, spot; // spot: it has the features of the current pixel only
  int32_t first, second;      // where outputs begin in it, and where their second halves do
} Place;
typedef struct {
  int32_t at, features, spot;
  int32_t taps, offsets; // pairs: rows down, columns right
} Read;
typedef struct {
  int32_t outputs, padded; // of one half; padded to HALF_PANEL
  int32_t halves, activation;
  int32_t weights, lines; // [panels][lines][outputs of the panel]: the inputs of each place of each convolution
  int32_t bias;           // [halves · padded]
  int32_t low, high;      // columns from low to high − 1 have every place of their row inside
  Read reads[2];
  Place adds[2], raw, active;
} Step;
typedef struct {
  int32_t rows, height, width, steps;
} Program;
enum { NOTHING, RELU, GATE };

typedef struct {
  const Program *program;
  ptrdiff_t row, column, columns;
} Pixels;

// What one place of a convolution sees.
typedef struct {
  const float *x;      // of the first item
  size_t step;         // floats from item to item
  size_t inputs, line; // line: its first line of weights
} Seen;

static inline float *floatsAt(int32_t at) { return (float *)arRuntime.heap + at; }

static inline float *pixelOf(const Pixels *t, int32_t at, int32_t features, int32_t spot, size_t image, ptrdiff_t row,
                             ptrdiff_t column) {
  const size_t pixel = spot ? image : (image * (size_t)t->program->height + (size_t)row) * (size_t)t->program->width + (size_t)column;
  return floatsAt(at) + pixel * (size_t)features;
}

static inline size_t stepOf(const Pixels *t, int32_t features, int32_t spot, int inRow) {
  if (inRow) return spot ? 0 : (size_t)features;
  return (spot ? 1 : (size_t)t->program->height * (size_t)t->program->width) * (size_t)features;
}

// The sums of `vectors` vectors of outputs for `items` pixels.
INLINE void sumsOf(const int items, const int vectors, const Seen *seen, size_t count, size_t item, const float *weights,
                   float *out, size_t outStep) {
  vf sums[TILE][CHAINS][PANEL / VW];
  for (int i = 0; i < items; i++)
    for (int q = 0; q < CHAINS; q++)
      for (int j = 0; j < vectors; j++) sums[i][q][j] = zeros();
  for (size_t s = 0; s < count; s++) {
    const size_t step = seen[s].step, inputs = seen[s].inputs;
    const float *x = seen[s].x + item * step, *w = weights + seen[s].line * (size_t)(vectors * VW);
    size_t p = 0;
    for (; p + CHAINS <= inputs; p += CHAINS, w += CHAINS * vectors * VW)
      for (int q = 0; q < CHAINS; q++)
        for (int i = 0; i < items; i++)
          for (int j = 0; j < vectors; j++)
            sums[i][q][j] = fmadd(splat(x[(size_t)i * step + p + q]), load(w + (q * vectors + j) * VW), sums[i][q][j]);
    for (int q = 0; q < CHAINS - 1; q++)
      if (p + q < inputs)
        for (int i = 0; i < items; i++)
          for (int j = 0; j < vectors; j++)
            sums[i][q][j] = fmadd(splat(x[(size_t)i * step + p + q]), load(w + (q * vectors + j) * VW), sums[i][q][j]);
  }
  for (int i = 0; i < items; i++)
    for (int j = 0; j < vectors; j++) {
      vf sum = sums[i][0][j];
      for (int q = 1; q < CHAINS; q++) sum = sum + sums[i][q][j];
      store(out + (size_t)i * outStep + j * VW, sum);
    }
}

static void panelSums(const Seen *seen, size_t count, size_t items, size_t width, const float *weights, float *out,
                      size_t outStep) {
  size_t item = 0;
  if (width == PANEL) {
    for (; item + TILE <= items; item += TILE)
      sumsOf(TILE, PANEL / VW, seen, count, item, weights, out + item * outStep, outStep);
    for (; item < items; item++) sumsOf(1, PANEL / VW, seen, count, item, weights, out + item * outStep, outStep);
  } else {
    for (; item + TILE <= items; item += TILE)
      sumsOf(TILE, HALF_PANEL / VW, seen, count, item, weights, out + item * outStep, outStep);
    for (; item < items; item++) sumsOf(1, HALF_PANEL / VW, seen, count, item, weights, out + item * outStep, outStep);
  }
}

static inline float *placeOf(const Pixels *t, const Place *place, size_t image, ptrdiff_t column) {
  return place->at ? pixelOf(t, place->at, place->features, place->spot, image, t->row, column) : NULL;
}

// Bias, other planes, the plane that keeps the sum, and the one that keeps what follows, for one pixel.
static void finishPixel(const Pixels *t, const Step *step, size_t image, ptrdiff_t column, float *sums) {
  const size_t n = (size_t)step->outputs, padded = (size_t)step->padded;
  const float *added[2] = {placeOf(t, &step->adds[0], image, column), placeOf(t, &step->adds[1], image, column)};
  float *raw = placeOf(t, &step->raw, image, column), *active = placeOf(t, &step->active, image, column);
  if (active) active += step->active.first;
  for (int32_t half = 0; half < step->halves; half++) {
    float *sum = sums + (size_t)half * padded;
    const float *bias = floatsAt(step->bias) + (size_t)half * padded;
    for (size_t o = 0; o < n; o += VW) {
      vf value = load(sum + o) + load(bias + o);
      for (int a = 0; a < 2; a++)
        if (added[a]) value = value + loadUpTo(added[a] + (half ? step->adds[a].second : step->adds[a].first) + o, n - o);
      if (raw) storeUpTo(raw + (half ? step->raw.second : step->raw.first) + o, value, n - o);
      if (step->activation == RELU) storeUpTo(active + o, maxNan(value, zeros()), n - o);
      else store(sum + o, value);
    }
  }
  if (step->activation != GATE) return;
  for (size_t o = 0; o < n; o += VW)
    storeUpTo(active + o, tanhLanes(load(sums + o)) * sigmoidLanes(load(sums + padded + o)), n - o);
}

// A step for `items` images at one pixel, or for `items` pixels of one image whose places are inside alike.
static void stepItems(const Pixels *t, const Step *step, size_t image, ptrdiff_t column, size_t items, int inRow,
                      float *sums) {
  const ptrdiff_t height = t->program->height, width = t->program->width;
  Seen seen[MOST_SEEN];
  size_t count = 0, line = 0;
  for (int r = 0; r < 2; r++) {
    const Read *read = &step->reads[r];
    const int32_t *offsets = (const int32_t *)floatsAt(read->offsets);
    const size_t inputs = (size_t)read->features, between = stepOf(t, read->features, read->spot, inRow);
    for (int32_t tap = 0; tap < read->taps; tap++, line += inputs) {
      const ptrdiff_t down = t->row + offsets[2 * tap], right = column + offsets[2 * tap + 1];
      if (down < 0 || down >= height || right < 0 || right >= width) continue;
      seen[count++] = (Seen){pixelOf(t, read->at, read->features, read->spot, image, down, right), between, inputs, line};
    }
  }
  const size_t columns = (size_t)step->halves * (size_t)step->padded;
  for (size_t from = 0; from < columns; from += PANEL) {
    const float *weights = floatsAt(step->weights) + (size_t)step->lines * from;
    panelSums(seen, count, items, minSize(PANEL, columns - from), weights, sums + from, columns);
  }
  for (size_t i = 0; i < items; i++)
    finishPixel(t, step, inRow ? image : image + i, inRow ? column + (ptrdiff_t)i : column, sums + i * columns);
}

static void pixelTask(const void *context, uint32_t chunk, uint32_t thread) {
  const Pixels *t = context;
  const size_t first = (size_t)chunk * IMAGES_PER_CHUNK;
  const size_t end = minSize((size_t)t->program->rows, first + IMAGES_PER_CHUNK);
  const Step *steps = (const Step *)(t->program + 1);
  float *sums = threadScratch(thread);
  for (int32_t s = 0; s < t->program->steps; s++) {
    const Step *step = &steps[s];
    if (t->columns == 1) {
      stepItems(t, step, first, t->column, end - first, 0, sums);
      continue;
    }
    for (size_t image = first; image < end; image++)
      for (ptrdiff_t c = t->column, last = c + t->columns; c < last;) {
        const int whole = c >= step->low && c < step->high;
        const size_t items = whole ? minSize(ITEMS, minSize((size_t)(last - c), (size_t)(step->high - c))) : 1;
        stepItems(t, step, image, c, items, 1, sums);
        c += (ptrdiff_t)items;
      }
  }
}

// program, row, column, columns
static int32_t kernelPixelSteps(const double *a) {
  const Pixels t = {.program = heapAt(a[0]), .row = (ptrdiff_t)a[1], .column = (ptrdiff_t)a[2], .columns = (ptrdiff_t)a[3]};
  parallelFor((uint32_t)ceilDiv((size_t)t.program->rows, IMAGES_PER_CHUNK), pixelTask, &t);
  return 0;
}

// The variables and the large products, on registers of the processor's own width.
//
// Every thread owns some hidden units (of both hidden layers) and some pixels (of the output) for good.
// Weights lie in panels of W hidden units, [panel][pixel][W]; the decoder's output weights too, so they
// are transposed. Images and all that is of their shape lie as [pixel][image of the batch]. So all five
// large products run on one register tile, and a gradient never reaches memory: the tile that holds it
// updates its weights.
#include <immintrin.h>
#include <math.h>
#include <stdint.h>
#include <string.h>

#ifdef __AVX512F__
enum { LANES = 16, ROWS = 8 };  // 8x2 accumulators of 32 registers
typedef float vec __attribute__((vector_size(64), may_alias));
typedef int ivec __attribute__((vector_size(64), may_alias));
#define LOW_HALVES (ivec){0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23}
#define RSQRT _mm512_rsqrt14_ps
#define MIN _mm512_min_ps
#define MAX _mm512_max_ps
#elif defined __AVX2__ && defined __FMA__
enum { LANES = 8, ROWS = 6 };  // 6x2 accumulators of 16 registers, 2 for a row of b, 1 for a
typedef float vec __attribute__((vector_size(32), may_alias));
typedef int ivec __attribute__((vector_size(32), may_alias));
#define LOW_HALVES (ivec){0, 8, 1, 9, 2, 10, 3, 11}
#define RSQRT _mm256_rsqrt_ps
#define MIN _mm256_min_ps
#define MAX _mm256_max_ps
#else
#error "needs AVX-512, or AVX2 with FMA"
#endif

enum { B = 64, I = 784, H = 512, W = 2 * LANES, P = H / W, Q = B / W, MAX_THREADS = 16 };
typedef uint8_t bytes __attribute__((vector_size(LANES)));
#define INLINE static inline __attribute__((always_inline))
typedef vec unaligned __attribute__((aligned(4)));
#define V(x) (*(unaligned *) &(x))  // the vector that starts at x
#define PARAMETER(name, shape) float name shape, name##_ms shape  // ms: RMSProp's mean square

static struct {
  PARAMETER(enc_h1, [P][I][W]);
  PARAMETER(dec_out, [P][I][W]);
  PARAMETER(enc_b1, [P][W]);
  PARAMETER(z_w, [4][P][W]);  // rows 0, 1: z_mean; 2, 3: z_std
  PARAMETER(z_b, [W]);        // 4 of them
  PARAMETER(dec_h1, [2][P][W]);
  PARAMETER(dec_b1, [P][W]);
  PARAMETER(dec_bo, [I]);
} m __attribute__((aligned(2 << 20)));

static struct {
  float x[2][I][B];                  // this batch and the next
  float noise[2][2][B];
  float h[P][B][W], dh[P][B][W];     // the encoder's hidden layer
  float d[P][B][W], dd[P][B][W];     // the decoder's
  float dt[Q][H][W];                 // d transposed: [images][hidden unit][image]
  float y[I][B];                     // logits, then the loss's gradient by them
  float part[MAX_THREADS][P][B][W];  // each thread's share of dd: the one from its pixels
  float head[MAX_THREADS][4][B];     // each thread's share of z_mean and z_std
  float dz[MAX_THREADS][2][B];
  double loss[MAX_THREADS];
} a __attribute__((aligned(2 << 20)));

static int threads, image_count, *order, batch_at;
static uint8_t *images;

// ---- arithmetic

INLINE vec exp_v(vec x) {  // 2^n e^r, |r| <= ln 2 / 2, by Cephes' polynomial
  x = MAX(MIN(x, (vec){0} + 88.f), (vec){0} - 87.f);
  vec shifted = x * 1.44269504f + 12582912.f, n = shifted - 12582912.f;  // 1.5 * 2^23: rounds
  vec r = x - n * .693359375f + n * 2.12194440e-4f;
  vec e = ((((1.9875691500e-4f * r + 1.3981999507e-3f) * r + 8.3334519073e-3f) * r
      + 4.1665795894e-2f) * r + 1.6666665459e-1f) * r + 5.0000001201e-1f;
  return (vec) ((ivec) (e * r * r + r + 1.f) + ((ivec) shifted << 23));
}
INLINE vec sigmoid(vec x) { return 1.f / (1.f + exp_v(-x)); }
INLINE vec tanh_v(vec x) { return 1.f - 2.f / (1.f + exp_v(2.f * x)); }  // to 1e-7, absolute

INLINE float sum(vec v) {
  float lanes[LANES], s[4] = {0};
  memcpy(lanes, &v, sizeof v);
  for (int l = 0; l < LANES; l++) s[l % 4] += lanes[l];
  return (s[0] + s[1]) + (s[2] + s[3]);
}

INLINE void transpose(vec v[LANES]) {  // perfect shuffles, log2(LANES) times
  for (int round = 1; round < LANES; round *= 2) {
    vec t[LANES];
    for (int i = 0; i < LANES / 2; i++) {
      t[2 * i] = __builtin_shuffle(v[i], v[i + LANES / 2], LOW_HALVES);
      t[2 * i + 1] = __builtin_shuffle(v[i], v[i + LANES / 2], LOW_HALVES + LANES / 2);
    }
    memcpy(v, t, sizeof t);
  }
}

// ms = .9 ms + .1 g^2,  w -= .001 g / sqrt(ms + 1e-10): the root's estimate and a Newton step.
INLINE void rmsprop(float *w, float *ms, vec g) {
  vec s = V(*ms) * .9f + g * g * .1f, t = s + 1e-10f, r = RSQRT(t);
  r *= 1.5f - .5f * t * r * r;
  V(*ms) = s;
  V(*w) -= .001f * g * r;
}
static void rmsprop_each(float *w, float *ms, const float *g, int n) {
  for (int i = 0; i < n; i++) {
    ms[i] = .9f * ms[i] + .1f * g[i] * g[i];
    w[i] -= .001f * g[i] / sqrtf(ms[i] + 1e-10f);
  }
}

// ---- the products

// c[r][:] += sum over k of left[r * row + k * column] * right[k][:], a tile that stays in registers
INLINE void multiply(int rows, int depth, const float *left, int row, int column, const float *right,
                     vec c[ROWS][2]) {
  for (int k = 0; k < depth; k++) {
    vec b0 = V(right[k * W]), b1 = V(right[k * W + LANES]);
#pragma GCC unroll 8
    for (int r = 0; r < rows; r++) {
      float l = left[r * row + k * column];
      c[r][0] += l * b0;
      c[r][1] += l * b1;
    }
  }
}

// Calls f(rows, at, ...) tile by tile, rows being a constant: ROWS, and 4 where ROWS would leave 2.
#define TILES(from, to, f, ...)                              \
  for (int at = from, left; (left = (to) - at) > 0;)         \
    if (left >= ROWS && left != ROWS + 2) {                  \
      f(ROWS, at, __VA_ARGS__);                              \
      at += ROWS;                                            \
    } else {                                                 \
      f(4, at, __VA_ARGS__);                                 \
      at += 4;                                               \
    }

// out[image][:] = start + sum over pixels of x[pixel][image] * w[pixel][:], start being out's if NULL
INLINE void to_hidden_tile(int rows, int image, const float *start, const float (*x)[B],
                           const float (*w)[W], int pixels, float (*out)[W]) {
  vec c[ROWS][2];
  for (int r = 0; r < rows; r++) {
    const float *from = start ? start : out[image + r];
    c[r][0] = V(from[0]), c[r][1] = V(from[LANES]);
  }
  multiply(rows, pixels, &x[0][image], 1, B, w[0], c);
  for (int r = 0; r < rows; r++) V(out[image + r][0]) = c[r][0], V(out[image + r][LANES]) = c[r][1];
}
static void to_hidden(const float *start, const float (*x)[B], const float (*w)[W], int pixels,
                      float (*out)[W]) {
  enum { NEAR = 196 };  // pixels whose weights stay in the first cache
  for (int i = 0, n; i < pixels; i += n) {
    n = pixels - i < NEAR ? pixels - i : NEAR;
    TILES(0, B, to_hidden_tile, i ? NULL : start, x + i, w + i, n, out)
  }
}

// y[pixel][image] = bias[pixel] + sum over hidden units of w[pixel][unit] * dt[unit][image]
INLINE void to_pixels_tile(int rows, int pixel, float (*dt)[H][W], int panels, float (*y)[B]) {
  for (int q = 0; q < panels; q++) {
    vec c[ROWS][2];
    for (int r = 0; r < rows; r++) c[r][0] = c[r][1] = (vec){0} + m.dec_bo[pixel + r];
    for (int p = 0; p < P; p++) multiply(rows, W, m.dec_out[p][pixel], W, 1, dt[q][p * W], c);
    for (int r = 0; r < rows; r++)
      V(y[pixel + r][q * W]) = c[r][0], V(y[pixel + r][q * W + LANES]) = c[r][1];
  }
}
static void to_pixels(int from, int to, float (*dt)[H][W], int panels, float (*y)[B]) {
  TILES(from, to, to_pixels_tile, dt, panels, y)
}

// w[pixel][:] is updated by its gradient, the sum over images of x[pixel][image] * dh[image][:].
INLINE void update_tile(int rows, int pixel, float (*x)[B], float (*dh)[W], float (*w)[W],
                        float (*ms)[W]) {
  vec c[ROWS][2] = {0};
  multiply(rows, B, x[pixel], B, 1, dh[0], c);
  for (int r = 0; r < rows; r++)
    for (int v = 0; v < 2; v++)
      rmsprop(&w[pixel + r][v * LANES], &ms[pixel + r][v * LANES], c[r][v]);
}
static void update(int from, int to, float (*x)[B], float (*dh)[W], float (*w)[W], float (*ms)[W]) {
  TILES(from, to, update_tile, x, dh, w, ms)
}

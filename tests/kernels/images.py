"""Image filters, as loops over pixels."""

import numpy as np

from tests.kernels.row import kernel, real, whole


@kernel((whole(4, 4, below=255),), (whole(7, 6, below=255, dtype=np.uint8),))
def sobel(img):
    gx = np.array([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]])
    gy = gx.T
    h, w = img.shape
    out = np.zeros((h, w), dtype=np.float64)
    for y in range(1, h - 1):
        for x in range(1, w - 1):
            patch = img[y - 1 : y + 2, x - 1 : x + 2]
            out[y, x] = np.hypot((patch * gx).sum(), (patch * gy).sum())
    if out.max() > 0:
        out *= 255.0 / out.max()
    return out.astype(np.uint8)


@kernel((whole(4, 4, below=255, dtype=np.uint8), 3), (whole(7, 6, below=255, dtype=np.uint8), 5))
def median_filter(img, size):
    r = size // 2
    h, w = img.shape
    out = np.empty_like(img)
    for y in range(h):
        for x in range(w):
            window = []
            for dy in range(-r, r + 1):
                for dx in range(-r, r + 1):
                    yy = min(max(y + dy, 0), h - 1)
                    xx = min(max(x + dx, 0), w - 1)
                    window.append(img[yy, xx])
            window.sort()
            out[y, x] = window[len(window) // 2]
    return out


@kernel((whole(4, 4, below=2), np.ones((3, 3), int)), (whole(6, 7, below=2), np.eye(3, dtype=int)))
def dilate_then_erode(img, element):
    kh, kw = element.shape
    ph, pw = kh // 2, kw // 2
    for op in ("dilate", "erode"):
        padded = np.pad(img, ((ph, ph), (pw, pw)), constant_values=0 if op == "dilate" else 1)
        for i in range(img.shape[0]):
            for j in range(img.shape[1]):
                hit = padded[i : i + kh, j : j + kw][element == 1]
                img[i, j] = hit.max() if op == "dilate" else hit.min()
    return img


@kernel((real(4, 4), real(3, 3)), (real(6, 7), real(3, 2)))
def convolve_2d(image, k):
    kh, kw = k.shape
    oh, ow = image.shape[0] - kh + 1, image.shape[1] - kw + 1
    out = np.zeros((oh, ow))
    for i in range(oh):
        for j in range(ow):
            acc = 0.0
            for m in range(kh):
                for n in range(kw):
                    acc += image[i + m, j + n] * k[kh - 1 - m, kw - 1 - n]
            out[i, j] = acc
    return out


@kernel((whole(3, 3),), (whole(5, 6),))
def integral_image(img):
    h, w = img.shape
    s = np.zeros((h + 1, w + 1), dtype=np.int64)
    for y in range(h):
        row = 0
        for x in range(w):
            row += img[y, x]
            s[y + 1, x + 1] = s[y, x + 1] + row
    mean = np.zeros((h, w))
    for y in range(h):
        for x in range(w):
            y0, y1, x0, x1 = max(0, y - 1), min(h, y + 2), max(0, x - 1), min(w, x + 2)
            mean[y, x] = (s[y1, x1] - s[y0, x1] - s[y1, x0] + s[y0, x0]) / ((y1 - y0) * (x1 - x0))
    return mean


@kernel((whole(3, 4, below=256, dtype=np.uint8),), (whole(6, 6, below=200, dtype=np.uint8),))
def equalize_histogram(img):
    hist = np.zeros(256, dtype=int)
    for v in img.flat:
        hist[v] += 1
    cdf = hist.cumsum()
    cdf_min = cdf[cdf > 0][0]
    lut = np.zeros(256, np.uint8)
    for i in range(256):
        if cdf[i]:
            lut[i] = round((cdf[i] - cdf_min) / max(img.size - cdf_min, 1) * 255)
    return lut[img]


@kernel((whole(3, 3, below=255).astype(float),), (whole(5, 6, below=255).astype(np.float32),))
def floyd_steinberg(img):
    h, w = img.shape
    for y in range(h):
        for x in range(w):
            old = img[y, x]
            new = 255.0 if old > 127 else 0.0
            img[y, x] = new
            err = old - new
            if x + 1 < w:
                img[y, x + 1] += err * 7 / 16
            if y + 1 < h:
                if x > 0:
                    img[y + 1, x - 1] += err * 3 / 16
                img[y + 1, x] += err * 5 / 16
                if x + 1 < w:
                    img[y + 1, x + 1] += err * 1 / 16


@kernel((whole(4, 4, below=2), 0, 0, 7), (whole(6, 7, below=2, seed=3), 3, 3, 9))
def flood_fill(img, r, c, color):
    target = img[r, c]
    if target == color:
        return 0
    stack = [(r, c)]
    filled = 0
    while stack:
        y, x = stack.pop()
        if y < 0 or x < 0 or y >= img.shape[0] or x >= img.shape[1] or img[y, x] != target:
            continue
        img[y, x] = color
        filled += 1
        stack.extend([(y + 1, x), (y - 1, x), (y, x + 1), (y, x - 1)])
    return filled


@kernel((whole(4, 5, below=2),), (whole(7, 7, below=2, seed=1),))
def label_components(mask):
    h, w = mask.shape
    labels = np.zeros((h, w), dtype=np.int32)
    equivalent = [0]
    for y in range(h):
        for x in range(w):
            if not mask[y, x]:
                continue
            up = labels[y - 1, x] if y else 0
            left = labels[y, x - 1] if x else 0
            if up == 0 and left == 0:
                equivalent.append(len(equivalent))
                labels[y, x] = len(equivalent) - 1
            elif up and left:
                a, b = int(min(up, left)), int(max(up, left))
                labels[y, x] = a
                while equivalent[b] != b:
                    b = equivalent[b]
                while equivalent[a] != a:
                    a = equivalent[a]
                equivalent[max(a, b)] = min(a, b)
            else:
                labels[y, x] = max(up, left)
    for i in range(len(equivalent)):
        equivalent[i] = equivalent[equivalent[i]]
    return np.array(equivalent)[labels]


@kernel((real(3, 3), 4, 5), (real(5, 4), 8, 7))
def resize_bilinear(img, new_h, new_w):
    h, w = img.shape[:2]
    out = np.zeros((new_h, new_w), img.dtype)
    for i in range(new_h):
        for j in range(new_w):
            y = i * (h - 1) / (new_h - 1)
            x = j * (w - 1) / (new_w - 1)
            y0, x0 = int(np.floor(y)), int(np.floor(x))
            y1, x1 = min(y0 + 1, h - 1), min(x0 + 1, w - 1)
            fy, fx = y - y0, x - x0
            top = img[y0, x0] * (1 - fx) + img[y0, x1] * fx
            bottom = img[y1, x0] * (1 - fx) + img[y1, x1] * fx
            out[i, j] = top * (1 - fy) + bottom * fy
    return out


@kernel((whole(4, 4, below=256),), (whole(6, 6, below=256, seed=2),))
def otsu_threshold(img):
    hist = np.bincount(img.ravel(), minlength=256)
    total = img.size
    sum_all = np.dot(np.arange(256), hist)
    best, threshold = 0.0, 0
    w_b = sum_b = 0
    for t in range(256):
        w_b += hist[t]
        if w_b == 0:
            continue
        w_f = total - w_b
        if w_f == 0:
            break
        sum_b += t * hist[t]
        between = w_b * w_f * (sum_b / w_b - (sum_all - sum_b) / w_f) ** 2
        if between > best:
            best, threshold = between, t
    return threshold, img > threshold


@kernel((real(4, 4), 1.0), (real(6, 8), 1.5))
def gaussian_blur_separable(img, sigma):
    radius = int(2 * sigma + 0.5)
    k = np.exp(-0.5 * (np.arange(-radius, radius + 1) / sigma) ** 2)
    k /= k.sum()
    tmp = np.empty_like(img)
    for r in range(img.shape[0]):
        tmp[r] = np.convolve(np.pad(img[r], radius, mode="edge"), k, mode="valid")
    for c in range(img.shape[1]):
        img[:, c] = np.convolve(np.pad(tmp[:, c], radius, mode="edge"), k, mode="valid")


@kernel((whole(4, 4, 3, below=256, dtype=np.uint8), 1.2), (whole(5, 6, 3, below=256, dtype=np.uint8), 0.7))
def gray_and_gamma(rgb, gamma):
    h, w, _ = rgb.shape
    gray = np.zeros((h, w), dtype=np.uint8)
    for y in range(h):
        for x in range(w):
            r, g, b = rgb[y, x]
            gray[y, x] = int(255 * ((0.299 * r + 0.587 * g + 0.114 * b) / 255) ** gamma)
    return gray

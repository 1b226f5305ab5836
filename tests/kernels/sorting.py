"""Sorting and searching by hand."""

import numpy as np

from tests.kernels.row import kernel, real, whole


@kernel((real(5),), (whole(8),))
def bubble_sort(a):
    n = len(a)
    while True:
        swapped = False
        for i in range(n - 1):
            if a[i] > a[i + 1]:
                a[i], a[i + 1] = a[i + 1], a[i]
                swapped = True
        n -= 1
        if not swapped:
            break


@kernel((real(4),), (whole(9),))
def insertion_sort(a):
    for i in range(1, len(a)):
        key = a[i]
        j = i - 1
        while j >= 0 and a[j] > key:
            a[j + 1] = a[j]
            j -= 1
        a[j + 1] = key
    return a


@kernel((real(5),), (whole(7),))
def selection_sort_of_a_copy(a):
    a = np.array(a)
    for i in range(a.size):
        m = i + np.argmin(a[i:])
        tmp = a[i]
        a[i] = a[m]
        a[m] = tmp
    return a


@kernel((real(6),), (whole(12, below=30),))
def quick_sort_with_a_stack(a):
    stack = np.zeros((len(a) + 1, 2), dtype=int)
    top = 0
    stack[top] = 0, len(a) - 1
    while top >= 0:
        lo, hi = stack[top]
        top -= 1
        if lo >= hi:
            continue
        pivot = a[(lo + hi) // 2]
        i, j = lo, hi
        while i <= j:
            while a[i] < pivot:
                i += 1
            while a[j] > pivot:
                j -= 1
            if i <= j:
                a[i], a[j] = a[j], a[i]
                i += 1
                j -= 1
        if lo < j:
            top += 1
            stack[top] = lo, j
        if i < hi:
            top += 1
            stack[top] = i, hi
    return a


@kernel((whole(6),), (real(11),))
def quick_sort_with_a_list(a):
    todo = [(0, len(a) - 1)]
    while todo:
        lo, hi = todo.pop()
        if lo < hi:
            pivot = a[hi]
            i = lo
            for j in range(lo, hi):
                if a[j] <= pivot:
                    a[i], a[j] = a[j], a[i]
                    i += 1
            a[i], a[hi] = a[hi], a[i]
            todo.append((lo, i - 1))
            todo.append((i + 1, hi))


def merge(src, dst, lo, mid, hi):
    i, j = lo, mid
    for k in range(lo, hi):
        if i < mid and (j >= hi or src[i] <= src[j]):
            dst[k] = src[i]
            i += 1
        else:
            dst[k] = src[j]
            j += 1


@kernel((real(5),), (whole(13),))
def merge_sort_bottom_up(a):
    n = len(a)
    buf = np.empty_like(a)
    width = 1
    while width < n:
        for lo in range(0, n, 2 * width):
            merge(a, buf, lo, min(lo + width, n), min(lo + 2 * width, n))
        a[:] = buf
        width *= 2


def merge_sorted(a):
    if len(a) <= 1:
        return a
    m = len(a) // 2
    left, right = merge_sorted(a[:m]), merge_sorted(a[m:])
    out = np.empty_like(a)
    i = j = k = 0
    while i < len(left) and j < len(right):
        if left[i] <= right[j]:
            out[k] = left[i]
            i += 1
        else:
            out[k] = right[j]
            j += 1
        k += 1
    out[k:] = left[i:] if i < len(left) else right[j:]
    return out


@kernel((real(3),), (whole(6),))
def merge_sort_recursive(a):
    return merge_sorted(a)


def sift_down(heap, start, end):
    root = start
    while 2 * root + 1 <= end:
        child = 2 * root + 1
        if child + 1 <= end and heap[child] < heap[child + 1]:
            child += 1
        if heap[root] >= heap[child]:
            return
        heap[[root, child]] = heap[[child, root]]
        root = child


@kernel((real(5),), (whole(10),))
def heap_sort(a):
    end = len(a) - 1
    for start in range((end - 1) // 2, -1, -1):
        sift_down(a, start, end)
    while end > 0:
        a[0], a[end] = a[end], a[0]
        end -= 1
        sift_down(a, 0, end)


@kernel((real(6),), (whole(14),))
def shell_sort(a):
    gap = len(a) // 2
    while gap:
        for i in range(gap, len(a)):
            t = a[i]
            j = i
            while j >= gap and a[j - gap] > t:
                a[j] = a[j - gap]
                j -= gap
            a[j] = t
        gap //= 2
    return a


@kernel((whole(6),), (whole(12, below=20, dtype=np.int32),))
def counting_sort(a):
    counts = np.zeros(a.max() + 1, dtype=int)
    for v in a:
        counts[v] += 1
    starts = np.cumsum(counts) - counts
    out = np.empty_like(a)
    for v in a:
        out[starts[v]] = v
        starts[v] += 1
    return out


@kernel((whole(5, below=99),), (whole(9, below=5000),))
def radix_sort(a):
    exp = 1
    while np.max(a) // exp > 0:
        buckets = [[] for _ in range(10)]
        for x in a:
            buckets[(x // exp) % 10].append(x)
        i = 0
        for bucket in buckets:
            for x in bucket:
                a[i] = x
                i += 1
        exp *= 10
    return a


@kernel((np.sort(real(5)), 0.1), (np.sort(whole(9)), 4), (np.arange(4.0), 9.0))
def binary_search(a, x):
    lo, hi = 0, len(a)
    while lo < hi:
        mid = (lo + hi) >> 1
        if a[mid] < x:
            lo = mid + 1
        else:
            hi = mid
    found = lo < len(a) and a[lo] == x
    return lo, found


@kernel((real(5), 2), (whole(9, below=50), 4))
def quick_select(a, k):
    left, right = 0, len(a) - 1
    while left < right:
        x = a[k]
        i, j = left, right
        while True:
            while a[i] < x:
                i += 1
            while x < a[j]:
                j -= 1
            if i <= j:
                a[i], a[j] = a[j], a[i]
                i += 1
                j -= 1
            if i > j:
                break
        if j < k:
            left = i
        if k < i:
            right = j
    return a[k]


@kernel((whole(6, below=4),), (np.sort(whole(10, below=5)),))
def unique_in_place(a):
    a.sort()
    k = 0
    for i in range(1, len(a)):
        if a[i] != a[k]:
            k += 1
            a[k] = a[i]
    return a[: k + 1]


@kernel((real(8), 3), (real(12), 5))
def top_k(scores, k):
    best = np.full(k, -np.inf)
    where = np.full(k, -1)
    for i, s in enumerate(scores):
        if s <= best[-1]:
            continue
        j = k - 1
        while j > 0 and best[j - 1] < s:
            best[j] = best[j - 1]
            where[j] = where[j - 1]
            j -= 1
        best[j], where[j] = s, i
    return best, where

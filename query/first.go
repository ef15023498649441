package query

import "chancery/graph"

// firstOf keeps the n elements that come first, in no order. It reorders the list.
// Cost: O(len(list)·log n), and nothing where there are no more than n.
func firstOf[T any](list []T, n int, compare func(a, b T) int) []T {
	if len(list) <= n {
		return list
	}
	if n == 0 {
		return list[:0]
	}
	// A heap of those that come first so far, the last of them on top.
	top := list[:n]
	sink := func(i int) {
		for {
			child := 2*i + 1
			if child >= n {
				return
			}
			if child+1 < n && compare(top[child+1], top[child]) > 0 {
				child++
			}
			if compare(top[child], top[i]) <= 0 {
				return
			}
			top[i], top[child] = top[child], top[i]
			i = child
		}
	}
	for i := n/2 - 1; i >= 0; i-- {
		sink(i)
	}
	for i := n; i < len(list); i++ {
		if compare(list[i], top[0]) < 0 {
			top[0], list[i] = list[i], top[0]
			sink(0)
		}
	}
	return top
}

// firstOfEach keeps, of the elements of each key, the n that come first.
func firstOfEach[T any](list []T, n int, key func(T) uint32, compare func(a, b T) int) []T {
	var keys numbering
	numbers := make([]uint32, len(list))
	var begins []int // of each key's elements once they are put together
	for i, element := range list {
		numbers[i] = keys.number(graph.ID(key(element))+1) - 1
		if int(numbers[i]) == len(begins) {
			begins = append(begins, 0)
		}
		begins[numbers[i]]++
	}
	sum := 0
	for k, count := range begins {
		begins[k] = sum
		sum += count
	}
	sorted := make([]T, len(list))
	for i, element := range list {
		sorted[begins[numbers[i]]] = element
		begins[numbers[i]]++
	}
	out := list[:0]
	begin := 0
	for _, end := range begins {
		out = append(out, firstOf(sorted[begin:end], n, compare)...)
		begin = end
	}
	return out
}

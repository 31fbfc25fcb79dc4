package synth

import "fmt"

// shard is six villages that live by themselves: people marry and move within
// it, so that shards can be lived in any order. Its memory is used again for the
// next one.
type shard struct {
	random
	country    *country
	out        *buffers
	counts     Counts
	index      int
	households int // of today that it aims at
	beginning  day
	now        day
	month      int32 // months relative to the first one; far below while years are lived

	people    []person
	unions    []union
	homes     []household
	events    []event
	alive     []int32
	bachelors []int32
	children  []int32
	houses    [villagesInShard]int32

	roster     roster
	registered registrations
	pen        pen
}

// run lives one shard and fills its buffers.
func (s *shard) run(index int, out *buffers) error {
	c := s.country
	s.start(index, out)
	s.settle()
	s.alive = s.alive[:0]
	for i := range s.people {
		if s.people[i].household != none {
			s.alive = append(s.alive, int32(i))
		}
	}
	years := firstOf(c.year, c.month, -monthlyMonths)
	for s.now < years {
		from := s.now
		s.now = min(years, from+365)
		s.live(from, s.now)
	}
	for m := -monthlyMonths; m < c.months; m++ {
		from := s.now
		s.month = int32(m)
		s.now = firstOf(c.year, c.month, m+1)
		s.live(from, s.now)
		s.keepRoster()
		if m >= 0 {
			s.writeEntitlements(m)
			s.writeRoster(m)
		}
	}
	s.register()
	s.writeTruth()
	if len(s.people) > peopleInShard {
		return fmt.Errorf("shard %d has %d people, more than %d", index, len(s.people), peopleInShard)
	}
	return nil
}

func (s *shard) start(index int, out *buffers) {
	c := s.country
	s.random = newRandom(c.seed, uint64(index)+1)
	s.index, s.out, s.counts = index, out, Counts{RevokedInMonth: make([]int64, c.months)}
	s.households = min(householdsInShard, c.households-index*householdsInShard)
	s.beginning = c.end - yearsSimulated*1461/4
	s.now, s.month = s.beginning, -1<<20
	s.people, s.unions, s.homes = s.people[:0], s.unions[:0], s.homes[:0]
	s.events, s.alive = s.events[:0], s.alive[:0]
	s.houses = [villagesInShard]int32{}
	s.roster.reset()
	s.registered.reset()
}

// villageNumber is the village's number in the country.
func (s *shard) villageNumber(village uint8) uint64 {
	return uint64(s.index)*villagesInShard + uint64(village)
}

// personNumber is the person's number in the country.
func (s *shard) personNumber(i int32) uint64 { return uint64(s.index)*peopleInShard + uint64(i) }

// serial numbers what the shard makes.
func (s *shard) serial(n int) uint64 { return uint64(s.index)*100_000 + uint64(n) }

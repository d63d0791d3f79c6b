use super::*;

#[test]
fn every_position_reads_back() {
    for (index, coordinate) in Coordinate::all(98).enumerate() {
        assert_eq!((coordinate.index(), Coordinate::at(index)), (index, coordinate));
    }
}

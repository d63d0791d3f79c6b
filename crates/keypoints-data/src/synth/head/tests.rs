use super::*;

fn head() -> Head {
    let pose = Pose { yaw: 20.0, pitch: -10.0, roll: 8.0 };
    let mut head = Head::new([2.4, 3.3, 2.5], 0.7, pose, 18.0);
    head.shift = Point { x: 50.0, y: 52.0 };
    head
}

#[test]
fn what_is_projected_is_seen_there() {
    let head = head();
    for (u, v) in [(0.0, 0.0), (1.7, -0.4), (-1.7, -0.4), (0.8, 2.1), (0.0, 2.5)] {
        let [u_back, v_back, w_back] = head.unproject(head.project_skin(u, v));
        assert!((u - u_back).abs() < 1e-4 && (v - v_back).abs() < 1e-4, "{u} {v}");
        assert!((w_back - head.depth(u, v)).abs() < 1e-4);
    }
}

#[test]
fn poses_turn_the_way_they_say() {
    let nose = |pose| Head::new([2.4, 3.3, 2.5], 0.7, pose, 18.0).project(0.0, 0.7, 3.0);
    assert!(nose(Pose { yaw: 10.0, pitch: 0.0, roll: 0.0 }).x > 1.0);
    assert!(nose(Pose { yaw: 0.0, pitch: 10.0, roll: 0.0 }).y > 1.0);
    let pose = Pose { yaw: 0.0, pitch: 0.0, roll: 10.0 };
    let head = Head::new([2.4, 3.3, 2.5], 0.7, pose, 18.0);
    assert!(head.project(1.0, 0.7, 0.0).y > 1.0, "clockwise lowers the right side");
}

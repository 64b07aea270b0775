//! Where panels are: one after the other, from left to right, below each other.

use super::grafana::{Dashboard, GridPosition, Panel, Row};
use super::rows::Group;

/// The width of the dashboard.
const COLUMNS: u16 = 24;

/// Places the groups of panels, each below its row, and gives all of them their ids.
pub(super) fn place(groups: Vec<Group>, dashboard: &mut Dashboard) {
    let mut ids = 1..;
    let mut y = 0;
    for group in groups {
        let id = ids.next().expect("there are enough numbers");
        let mut panels = group.panels;
        let end = flow(&mut panels, y + 1);
        for (panel, id) in panels.iter_mut().zip(ids.by_ref()) {
            panel.id = id;
        }
        let is_open = group.is_open;
        let mut row = Row {
            id,
            r#type: "row",
            title: group.title,
            grid_pos: GridPosition {
                h: 1,
                w: COLUMNS,
                x: 0,
                y,
            },
            collapsed: !is_open,
            panels: Vec::new(),
        };
        if is_open {
            dashboard.push_row(row);
            for panel in panels {
                dashboard.push_panel(panel);
            }
            y = end;
        } else {
            row.panels = panels;
            dashboard.push_row(row);
            y += 1;
        }
    }
}

/// Places panels from `y` on; returns where they end.
fn flow(panels: &mut [Panel], mut y: u16) -> u16 {
    let (mut x, mut height) = (0, 0);
    for panel in panels {
        if x + panel.grid_pos.w > COLUMNS {
            y += height;
            (x, height) = (0, 0);
        }
        panel.grid_pos.x = x;
        panel.grid_pos.y = y;
        x += panel.grid_pos.w;
        height = height.max(panel.grid_pos.h);
    }
    y + height
}

//! Where this is: the two provinces, their neighbours, and the outline of the map.

use gazetteer::Extent;
use geo::{BoundingRect, Coord, LineString, MultiPolygon, Polygon};
use layers::map::MapPage;

use super::RasterError;
use super::canvas::Canvas;
use super::colour::mix;
use super::labels::free_place;
use super::page_box::PageBox;
use super::paths::{path_of_area, path_of_box, path_of_lines, path_of_ring};
use super::pen::Pen;
use super::projection::Projection;
use super::scene::Scene;
use super::text::{Run, Type, Typeface, Typesetter};
use super::view::View;

const NAME: Type = Type::new(Typeface::Regular, 5.9).tracked(0.08);
/// Detail finer than this is not seen, in degrees.
const DETAIL_DEG: f64 = 0.04;
/// Room around the two provinces, in degrees.
const MARGIN_DEG: f64 = 0.35;
/// Rivers up to this rank are shown.
const RIVER_RANK: u8 = 1;
/// The outline of the map is filled this much.
const OUTLINE_OPACITY: f64 = 0.16;

/// A line with only those points that are farther than the detail from the one before. Neighbours keep other points,
/// but differ by less than what is seen.
fn thin_line(line: &LineString<f64>) -> LineString<f64> {
    let mut kept: Vec<Coord<f64>> = Vec::new();
    for &p in &line.0 {
        if kept
            .last()
            .is_none_or(|k| (p.x - k.x).abs().max((p.y - k.y).abs()) >= DETAIL_DEG)
        {
            kept.push(p);
        }
    }
    kept.extend(
        line.0
            .last()
            .filter(|end| kept.last() != Some(end))
            .copied(),
    );
    LineString(kept)
}

fn thinned(area: &MultiPolygon<f64>) -> MultiPolygon<f64> {
    let rings = area
        .iter()
        .map(|polygon| thin_line(polygon.exterior()))
        .filter(|ring| ring.0.len() > 3);
    MultiPolygon(rings.map(|ring| Polygon::new(ring, Vec::new())).collect())
}

/// Paints the locator in its box, or copies the one that another page of this land has there.
pub(super) fn paint(
    page: &MapPage,
    scene: &Scene<'_>,
    area: PageBox,
    canvas: &mut Canvas,
    typesetter: &Typesetter<'_>,
) -> Result<(), RasterError> {
    let look = canvas.look();
    let theme = &look.theme;
    let area = canvas.on_pixels(area);
    let locator = scene.land.locator(area, || {
        let paper = canvas.sheet(area, theme.ground);
        let paper = paper.map(|paper| paint_in(page, &scene.view, area, paper, typesetter));
        Ok::<_, RasterError>(paper.transpose()?.flatten())
    })?;
    if let Some(locator) = locator {
        canvas.cover(&locator);
        canvas.stroke(path_of_box(area, 0.0).as_ref(), Pen::new(theme.rule, 0.18));
    }
    Ok(())
}

/// The locator on paper of its own; none where the provinces give no view.
fn paint_in(
    page: &MapPage,
    map: &View<'_>,
    area: PageBox,
    mut paper: Canvas,
    typesetter: &Typesetter<'_>,
) -> Result<Option<Canvas>, RasterError> {
    let look = paper.look();
    let theme = &look.theme;
    let home = page.ground.locator.iter().filter(|province| province.home);
    let corners = home
        .clone()
        .filter_map(|province| province.geometry.bounding_rect());
    let extent =
        Extent::around(corners.flat_map(|r| [(r.min().x, r.min().y), (r.max().x, r.max().y)]));
    let extent = extent.unwrap_or(page.focus).grown(MARGIN_DEG);
    let projection = Projection::for_focus(extent)?;
    let Some(view) = View::around(&projection, extent, area) else {
        return Ok(None);
    };

    let provinces: Vec<(&layers::map::GroundArea, MultiPolygon<f64>)> = page
        .ground
        .locator
        .iter()
        .map(|province| (province, view.area(&thinned(&province.geometry))))
        .collect();
    for (_, shape) in provinces.iter().filter(|(province, _)| province.home) {
        paper.fill(path_of_area(shape).as_ref(), theme.home, 1.0);
    }
    for (_, shape) in &provinces {
        paper.stroke(path_of_area(shape).as_ref(), Pen::new(theme.province, 0.18));
    }
    for river in page
        .ground
        .rivers
        .iter()
        .filter(|river| river.rank <= RIVER_RANK && !river.name.is_empty())
    {
        let courses = view.line(&thin_line(&river.line));
        paper.stroke(
            path_of_lines(&courses).as_ref(),
            Pen::new(theme.water, 0.35),
        );
    }
    let outline: Vec<Coord<f64>> = map
        .outline(map.frame)
        .iter()
        .filter_map(|(lon, lat)| view.on_page(*lon, *lat))
        .collect();
    let path = path_of_ring(&outline);
    paper.fill(path.as_ref(), theme.accent, OUTLINE_OPACITY);
    paper.stroke(path.as_ref(), Pen::new(theme.accent, 0.35));

    for (province, shape) in provinces.iter().filter(|(province, _)| province.named) {
        let line = typesetter.line(&province.name, NAME);
        let size = (line.width, NAME.height());
        let Some(place) = free_place(shape, size, area.grown(-1.0), &LineString(outline.clone()))
        else {
            continue;
        };
        let origin = Coord {
            x: place.left,
            y: place.top + NAME.ascent(),
        };
        {
            let run = Run::level(line, origin);
            let inside = PageBox::around(outline.iter().copied())
                .is_some_and(|b| b.holds_point(place.centre()));
            let below = if inside {
                mix(theme.home, theme.accent, OUTLINE_OPACITY)
            } else {
                theme.home
            };
            paper.halo(typesetter, &run, below, 0.25);
            paper.write(typesetter, &run, theme.ink);
        }
    }
    paper.settle();
    Ok(Some(paper))
}

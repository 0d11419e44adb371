namespace Sprig.Testing;

/// <summary>How a contact bounces before it rests: as real ones do for some milliseconds.</summary>
/// <param name="Count">How often it lets go (or touches) again.</param>
/// <param name="Spacing">The mean time between two changes; each is between half and one and a half of it.</param>
/// <param name="Seed">Draws the times: the same seed, the same bouncing.</param>
public sealed record Bounce(int Count, TimeSpan Spacing, int Seed = 0)
{
    /// <summary>When it changes, counted from the first touch: twice <see cref="Count"/> times.</summary>
    internal List<TimeSpan> Schedule()
    {
        Random random = new(Seed);
        List<TimeSpan> times = [];
        TimeSpan time = TimeSpan.Zero;
        for (int i = 0; i < 2 * Count; i++)
        {
            time += Spacing * (0.5 + random.NextDouble());
            times.Add(time);
        }

        return times;
    }
}

using Sprig.Scheduling;

namespace Sprig.Supervision;

/// <summary>The scheduler of this thread, for what needs one.</summary>
internal static class Loop
{
    /// <param name="user">Named in the error.</param>
    /// <exception cref="InvalidOperationException">No scheduler runs on this thread.</exception>
    internal static CoroutineScheduler Of(object user)
    {
        try
        {
            return CoroutineScheduler.Current;
        }
        catch (InvalidOperationException e)
        {
            throw new InvalidOperationException($"{user} can't be used here. {e.Message}", e);
        }
    }
}

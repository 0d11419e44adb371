namespace Sprig.Scheduling;

/// <summary>The state of a post, where it matters that the run may end before it is taken.</summary>
internal interface IPost
{
    /// <summary>Nobody will ever take it. Any thread.</summary>
    void Drop();
}
